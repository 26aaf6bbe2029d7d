#include "history_support.h"

namespace midflight::io {
namespace {

class Histories : public testing::HistoryTest {};

TEST_F(Histories, PlainFilesAreOrderedByNumberThenName) {
  for (const char* name : {"10_c.sql", "2_b.sql", "1_a.sql", "README.md", "x/1_z.sql"}) write(name);
  const History history = find();
  EXPECT_EQ(order(history), "1_a.sql 2_b.sql 10_c.sql x/1_z.sql");
  EXPECT_EQ(without_folder(history.recognised.at(0)), ": plain, because nothing tells another tool");
  EXPECT_EQ(read("1_a.sql").wrapping, Wrapping::EachStatement);
}

TEST_F(Histories, FilesNamedOneByOneKeepTheirOrderUnlessTheyAreNumbered) {
  for (const char* name : {"b.sql", "a.sql", "2_x.sql", "10_x.sql"}) write(name);
  EXPECT_EQ(order(find({"b.sql", "a.sql"})), "b.sql a.sql");
  EXPECT_EQ(order(find({"b.sql", "2_x.sql", "a.sql"})), "b.sql 2_x.sql a.sql");
  EXPECT_EQ(order(find({"10_x.sql", "2_x.sql"})), "2_x.sql 10_x.sql");
}

TEST_F(Histories, DumpsAndFilesThatTakeBackAreSkippedUnlessNamed) {
  write("1_a.sql");
  write("1_a_down.sql");
  write("schema.sql", "--\n-- PostgreSQL database dump\n--\n");
  const History history = find();
  EXPECT_EQ(order(history), "1_a.sql");
  EXPECT_EQ(told(history.skipped), "1_a_down.sql: its name says that it takes a migration back|schema.sql: it is a dump of a schema: give it with --schema");
  EXPECT_EQ(order(find({"schema.sql"})), "schema.sql");
}

TEST_F(Histories, FlywayRunsVersionsThenRepeatables) {
  for (const char* name : {"R__views.sql", "V10__c.sql", "V2_1__b.sql", "V2__a.sql", "sub/V3__d.sql", "U2__a.sql", "B2__base.sql", "afterMigrate.sql", "R__a.sql"}) write(name);
  const History history = find();
  EXPECT_EQ(order(history), "V2__a.sql V2_1__b.sql sub/V3__d.sql V10__c.sql R__a.sql R__views.sql");
  EXPECT_EQ(history.files[1].version, "2.1");
  EXPECT_EQ(history.skipped.size(), 3U) << told(history.skipped);
  EXPECT_EQ(told(history.problems), "");
}

TEST_F(Histories, FlywayWrapsUnlessAStatementOrASettingRefuses) {
  write("V1__a.sql");
  write("V2__b.sql");
  write("V2__b.sql.conf", "# one script\nexecuteInTransaction = false\n");
  EXPECT_EQ(read("V1__a.sql").wrapping, Wrapping::UnlessRefused);
  EXPECT_EQ(read("V2__b.sql").wrapping, Wrapping::EachStatement);
}

TEST_F(Histories, FlywayRefusesOneVersionTwice) {
  for (const char* name : {"V1__a.sql", "V1_0__b.sql", "V01__c.sql"}) write(name);
  const History history = find();
  EXPECT_EQ(history.files.size(), 3U);
  EXPECT_EQ(history.problems.size(), 2U);
  EXPECT_NE(told(history.problems).find("flyway refuses version"), std::string::npos);
}

TEST_F(Histories, DbmateRunsTheUpPartInOneTransaction) {
  write("1_a.sql", "-- about\n-- migrate:up\nCREATE TABLE t (id int);\n\n-- migrate:down\nDROP TABLE t;\n");
  const Migration migration = read("1_a.sql");
  EXPECT_EQ(migration.framework, "dbmate");
  EXPECT_EQ(migration.text, "\n-- migrate:up\nCREATE TABLE t (id int);\n\n");
  EXPECT_EQ(migration.wrapping, Wrapping::OneTransaction);
  EXPECT_EQ(told(migration.problems), "");
}

TEST_F(Histories, DbmateWithoutTransactionSendsOneString) {
  write("1_a.sql", "-- migrate:up transaction:false\r\nCREATE INDEX CONCURRENTLY i ON t (a);\r\n-- migrate:down transaction:false\r\n");
  EXPECT_EQ(read("1_a.sql").wrapping, Wrapping::Implicit);
  EXPECT_EQ(read("1_a.sql").text, "-- migrate:up transaction:false\r\nCREATE INDEX CONCURRENTLY i ON t (a);\r\n");
}

TEST_F(Histories, DbmateOrdersNamesByTheirBytes) {
  for (const char* name : {"2_b.sql", "10_a.sql"}) write(name, "-- migrate:up\n-- migrate:down\n");
  EXPECT_EQ(order(find()), "10_a.sql 2_b.sql");
}

TEST_F(Histories, DbmateSaysWhatItRefuses) {
  write("1_a.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down\n");
  write("2_b.sql", "SELECT 2;\n");
  write("3_c.sql", "SELECT 3;\n-- migrate:up\nSELECT 4;\n");
  const History history = find();
  ASSERT_EQ(history.files.size(), 3U);
  EXPECT_EQ(told(read_migration(history.files[1], history).problems),
            "2_b.sql:1:1: dbmate refuses this file: it has no line `-- migrate:up`; all of it is checked");
  const Migration third = read_migration(history.files[2], history);
  EXPECT_EQ(told(third.problems), "3_c.sql:1:1: dbmate refuses statements before `-- migrate:up`; they are left out");
  EXPECT_EQ(third.text, "\n-- migrate:up\nSELECT 4;\n");
}

TEST_F(Histories, GooseRunsTheUpPartInAnyCase) {
  write("00001_a.sql", "-- +goose up\n-- +goose StatementBegin\nSELECT 1;\n-- +goose StatementEnd\n-- +goose Down\nDROP TABLE t;\n");
  write("00002_b.sql", "-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 2;\n");
  const History history = find();
  const Migration first = read_migration(history.files.at(0), history), second = read_migration(history.files.at(1), history);
  EXPECT_EQ(first.framework, "goose");
  EXPECT_EQ(first.wrapping, Wrapping::OneTransaction);
  EXPECT_EQ(first.text, "-- +goose up\n-- +goose StatementBegin\nSELECT 1;\n-- +goose StatementEnd\n");
  EXPECT_EQ(second.wrapping, Wrapping::EachStatement);
  EXPECT_EQ(second.text, "\n-- +goose Up\nSELECT 2;\n");
}

TEST_F(Histories, GooseRefusesOneVersionTwice) {
  for (const char* name : {"1_a.sql", "00001_b.sql"}) write(name, "-- +goose Up\n");
  EXPECT_EQ(told(find().problems), "1_a.sql: goose refuses version 1 twice: 00001_b.sql has it too");
}

TEST_F(Histories, SqlMigrateTakesItsOptionBehindUp) {
  write("1_a.sql", "-- +migrate Up notransaction\nSELECT 1;\n-- +migrate Down\nSELECT 2;\n");
  EXPECT_EQ(read("1_a.sql").framework, "sql-migrate");
  EXPECT_EQ(read("1_a.sql").wrapping, Wrapping::EachStatement);
  EXPECT_EQ(read("1_a.sql").text, "-- +migrate Up notransaction\nSELECT 1;\n");
}

TEST_F(Histories, GolangMigrateSendsUpFilesAsOneString) {
  for (const char* name : {"1_a.up.sql", "1_a.down.sql", "10_c.up.sql", "2_b.up.sql", "seed.sql"}) write(name);
  const History history = find();
  EXPECT_EQ(order(history), "1_a.up.sql 2_b.up.sql 10_c.up.sql");
  EXPECT_EQ(told(history.skipped), "1_a.down.sql: it takes a migration back|seed.sql: golang-migrate runs NUMBER_name.up.sql alone");
  EXPECT_EQ(read_migration(history.files[0], history).wrapping, Wrapping::Implicit);
}

TEST_F(Histories, SqitchDeploysInTheOrderOfItsPlan) {
  write("sqitch.plan",
        "%syntax-version=1.0.0\n%project=flipr\n\n# a note\nusers 2013-12-30T23:49:00Z Ann <a@example.org> # Adds users.\n"
        "hashtags/add [users] 2014-01-01T00:00:00Z Ann <a@example.org>\n@v1 2014-01-02T00:00:00Z Ann <a@example.org>\n\n"
        "gone 2014-01-02T00:00:00Z Ann <a@example.org>\nusers [users@v1] 2014-01-03T00:00:00Z Ann <a@example.org>\n");
  for (const char* name : {"deploy/users.sql", "deploy/users@v1.sql", "deploy/hashtags/add.sql", "deploy/stray.sql", "revert/users.sql", "verify/users.sql"}) write(name);
  const History history = find();
  EXPECT_EQ(order(history), "deploy/users@v1.sql deploy/hashtags/add.sql deploy/users.sql");
  EXPECT_EQ(told(history.skipped), "deploy/stray.sql: sqitch.plan does not name it|revert/users.sql: Sqitch deploys the scripts of deploy/ alone|"
                                   "verify/users.sql: Sqitch deploys the scripts of deploy/ alone");
  EXPECT_EQ(order(find({"deploy/users.sql", "deploy/hashtags/add.sql"})), "deploy/hashtags/add.sql deploy/users.sql");
  EXPECT_EQ(read("deploy/users.sql").wrapping, Wrapping::EachStatement);
}

TEST_F(Histories, PrismaRunsTheMigrationOfEachFolder) {
  for (const char* name : {"migrations/20240201_b/migration.sql", "migrations/20240101_a/migration.sql", "migrations/20240101_a/notes.sql"}) write(name);
  const History history = find();
  EXPECT_EQ(order(history), "migrations/20240101_a/migration.sql migrations/20240201_b/migration.sql");
  EXPECT_EQ(history.recognised.size(), 1U);
  EXPECT_EQ(read_migration(history.files[0], history).wrapping, Wrapping::Implicit);
  EXPECT_EQ(told(history.skipped), "migrations/20240101_a/notes.sql: Prisma runs migration.sql of each folder alone");
}

TEST_F(Histories, DieselRunsUpOfEachFolder) {
  for (const char* name : {"2024-02-01_b/up.sql", "2024-02-01_b/down.sql", "2024-01-01_a/up.sql"}) write(name);
  write("2024-02-01_b/metadata.toml", "run_in_transaction = false\n");
  const History history = find();
  EXPECT_EQ(order(history), "2024-01-01_a/up.sql 2024-02-01_b/up.sql");
  EXPECT_EQ(read_migration(history.files[0], history).wrapping, Wrapping::OneTransaction);
  EXPECT_EQ(read_migration(history.files[1], history).wrapping, Wrapping::Implicit);
}

TEST_F(Histories, DjangoWritesItsTransactionItself) {
  write("0002_b.sql", "BEGIN;\n--\n-- Alter field name on user\n--\nALTER TABLE \"u\" ALTER COLUMN \"name\" DROP NOT NULL;\nCOMMIT;\n");
  write("0003_c.sql", "--\n-- Raw Python operation\n--\n-- THIS OPERATION CANNOT BE WRITTEN AS SQL\n");
  EXPECT_EQ(read("0002_b.sql").framework, "django");
  EXPECT_EQ(read("0002_b.sql").wrapping, Wrapping::EachStatement);
  EXPECT_EQ(told(read("0003_c.sql").problems), "0003_c.sql:4:1: Django runs Python code here: what it does is not known");
}

TEST_F(Histories, RailsStructureIsNoMigration) {
  write("db/structure.sql", "SET x = 1;\n");
  write("db/migrate/20240101000000_a.sql");
  EXPECT_EQ(order(find()), "db/migrate/20240101000000_a.sql");
  EXPECT_EQ(told(find().skipped), "db/structure.sql: it is a dump of the schema behind all migrations: give it with --schema");
  EXPECT_EQ(read("db/migrate/20240101000000_a.sql", {"rails", {}}).wrapping, Wrapping::OneTransaction);
}

TEST_F(Histories, FolderOfTwoToolsIsSaidAndEachFileIsReadAsItsOwn) {
  write("1_a.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down\n");
  write("2_b.sql", "-- +goose Up\nSELECT 2;\n");
  const History history = find();
  EXPECT_EQ(history.files.size(), 2U);
  EXPECT_EQ(told(history.problems), ": files of several tools: dbmate (1), goose (1); name one, or check them apart");
}

TEST_F(Histories, FrameworkAndWrappingMayBeNamed) {
  write("1_a.sql");
  const History history = find({""}, {"goose", Wrapping::Implicit});
  EXPECT_EQ(read_migration(history.files.at(0), history).framework, "goose");
  EXPECT_EQ(read_migration(history.files[0], history).wrapping, Wrapping::Implicit);
}

TEST_F(Histories, UnknownFrameworkIsRefusedWithTheNearest) {
  try {
    find({""}, {"flywya", {}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean flyway?"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace midflight::io
