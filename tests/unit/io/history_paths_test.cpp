#include <sys/stat.h>

#include <random>
#include <thread>

#include "history_support.h"
#include "sim/io/histories/glob.h"
#include "sim/io/histories/names.h"

namespace midflight::io {
namespace {

namespace fs = std::filesystem;

class HistoryPaths : public testing::HistoryTest {};

TEST_F(HistoryPaths, MissingOnesAreSaidAndTheRestIsFound) {
  write("1_a.sql");
  const History history = find({"gone.sql", "1_a.sql", "none/*.sql"});
  EXPECT_EQ(order(history), "1_a.sql");
  EXPECT_EQ(told(history.problems), "gone.sql: there is no such file or folder|none/*.sql: no file matches this pattern");
}

TEST_F(HistoryPaths, FoldersAreSearchedInDepthWithoutHiddenOnes) {
  for (const char* name : {"b/2.sql", "a/1.SQL", "a/x.txt", ".git/3.sql", "a/.hidden.sql"}) write(name);
  EXPECT_EQ(order(find()), "a/1.SQL b/2.sql");
  EXPECT_EQ(order(find({"b", "a"})), "b/2.sql a/1.SQL");
}

TEST_F(HistoryPaths, FileFoundTwiceIsThereOnce) {
  write("a/1.sql");
  fs::create_symlink(path("a/1.sql"), path("a/2.sql"));
  EXPECT_EQ(order(find({"a", "a/1.sql", "a/../a/1.sql"})), "a/1.sql");
}

TEST_F(HistoryPaths, LinksInCirclesEnd) {
  write("a/1.sql");
  for (const char* name : {"a/x", "a/y", "a/z"}) fs::create_directory_symlink(path("a"), path(name));
  fs::create_directory_symlink(path(""), path("a/up"));
  EXPECT_EQ(order(find()), "a/1.sql");
}

TEST_F(HistoryPaths, DanglingLinksAreSaid) {
  write("1.sql");
  fs::create_symlink(path("gone"), path("2.sql"));
  const History history = find();
  EXPECT_EQ(order(history), "1.sql");
  EXPECT_EQ(told(history.problems), "2.sql: is a link to a file that is not there");
}

TEST_F(HistoryPaths, PatternsFindFilesAndFolders) {
  for (const char* name : {"one/migrations/1.sql", "two/migrations/1.sql", "two/other/1.sql", "two/migrations/x.txt"}) write(name);
  EXPECT_EQ(order(find({"*/migrations/*.sql"})), "one/migrations/1.sql two/migrations/1.sql");
  EXPECT_EQ(order(find({"*/migrations"})), "one/migrations/1.sql two/migrations/1.sql");
  EXPECT_EQ(order(find({"**/1.sql"})), "one/migrations/1.sql two/migrations/1.sql two/other/1.sql");
  EXPECT_EQ(order(find({"t[v-x]o/m*/?.sql"})), "two/migrations/1.sql");
}

TEST_F(HistoryPaths, FileWhoseNameIsAPatternIsTakenAsItIs) {
  write("a[1].sql");
  EXPECT_EQ(order(find({"a[1].sql"})), "a[1].sql");
}

TEST_F(HistoryPaths, PipesAreReadOnce) {
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  std::thread writer([&] { write("pipe", "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n"); });
  const History history = find({"pipe"});
  writer.join();
  ASSERT_EQ(history.files.size(), 1U);
  EXPECT_EQ(read_migration(history.files[0], history).text, "-- migrate:up\nSELECT 1;\n");
}

TEST_F(HistoryPaths, FileThatVanishedOrGrewTooLargeIsRefused) {
  write("1.sql");
  const History history = find();
  fs::resize_file(path("1.sql"), (64ULL << 20U) + 1);
  EXPECT_THROW(read_migration(history.files.at(0), history), Error);
  fs::remove(path("1.sql"));
  EXPECT_THROW(read_migration(history.files.at(0), history), Error);
}

TEST_F(HistoryPaths, Utf16IsReadWithItsMarks) {
  std::string bytes = "\xFF\xFE";
  for (const char c : std::string("-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n")) bytes += std::string{c, '\0'};
  write("1.sql", bytes);
  const Migration migration = read("1.sql");
  EXPECT_EQ(migration.text, "-- migrate:up\nSELECT 1;\n");
  EXPECT_EQ(migration.problems.size(), 1U);
}

TEST_F(HistoryPaths, NastyFolderLosesNothing) {
  std::mt19937_64 random(7);
  std::size_t files = 0;
  for (const std::string name : {"V1__a.sql", "V__.sql", "R__.sql", "__.sql", "_.sql", ".up.sql", "1.up.sql", "1_.down.sql", "99999999999999999999999_x.sql",
                                 "sp ace.sql", "new\nline.sql", "\xFF\xFE.sql", "a[b.sql", "\\.sql", "%s.sql", "up.sql", "migration.sql", "deploy/x.sql"}) {
    std::string bytes(random() % 3000, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    write(name, bytes);
    files += name[0] == '.' ? 0 : 1;  // hidden
  }
  for (const std::string_view framework : framework_names()) {
    const History history = find({""}, {std::string(framework), {}});
    EXPECT_EQ(history.files.size() + history.skipped.size(), files) << framework;
    for (const MigrationFile& file : history.files) EXPECT_EQ(read_migration(file, history).path, file.path);
  }
}

TEST(NaturalOrder, NumbersCountAsNumbers) {
  EXPECT_TRUE(natural_less("2_b", "10_a"));
  EXPECT_TRUE(natural_less("1.2", "1.10"));
  EXPECT_TRUE(natural_less("a", "b"));
  EXPECT_TRUE(natural_less("007", "8"));
  EXPECT_TRUE(natural_less("01", "1") != natural_less("1", "01"));
  EXPECT_TRUE(natural_less("99999999999999999999998", "99999999999999999999999"));
  EXPECT_FALSE(natural_less("a", "a"));
}

TEST(NaturalOrder, VersionsAreComparedWithoutZeros) {
  EXPECT_TRUE(same_version("1", "01"));
  EXPECT_TRUE(same_version("1", "1.0.0"));
  EXPECT_FALSE(same_version("1", "10"));
  EXPECT_FALSE(same_version("1.1", "1.10"));
}

TEST(Glob, StarsStayInAFolderUnlessDoubled) {
  EXPECT_TRUE(matches("a/*.sql", "a/b.sql"));
  EXPECT_FALSE(matches("a/*.sql", "a/b/c.sql"));
  EXPECT_TRUE(matches("a/**/*.sql", "a/b/c/d.sql"));
  EXPECT_TRUE(matches("a/**/*.sql", "a/d.sql"));
  EXPECT_TRUE(matches("[!b-z]?.sql", "a1.sql"));
  EXPECT_FALSE(matches("[!b-z]?.sql", "c1.sql"));
  EXPECT_TRUE(matches("a[.sql", "a[.sql"));
  EXPECT_FALSE(matches(std::string(60, '*') + "x", std::string(5000, 'a')));
}

TEST(Glob, FixedFolderIsWhatNoPatternTouches) {
  EXPECT_EQ(fixed_folder("db/x/*.sql"), "db/x");
  EXPECT_EQ(fixed_folder("*.sql"), "");
  EXPECT_EQ(fixed_folder("/*.sql"), "/");
}

}  // namespace
}  // namespace midflight::io
