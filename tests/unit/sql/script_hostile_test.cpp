#include <gtest/gtest.h>

#include <array>
#include <ctime>
#include <random>

#include "sim/sql/parse.h"
#include "tests/unit/sql/script_support.h"
#include "tests/unit/sql/texts.h"

/// Whatever the bytes, reading ends soon and what it says holds together.
namespace midflight::sql {
namespace {

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t bound) { return random() % bound; }

/// Counted plainly from the start of the text.
std::string place_of(std::string_view text, std::size_t byte) {
  int line = 1, column = 1;
  for (const char c : text.substr(0, byte)) {
    if (c == '\n') { ++line; column = 1; }
    else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) { ++column; }
  }
  return "f.sql:" + std::to_string(line) + ":" + std::to_string(column);
}

/// Holds for every script: pieces follow each other, places are right, messages are there.
void expect_sound(const std::string& bytes) {
  ScriptReader reader(bytes, "f.sql");
  std::size_t done = 0, count = 0;
  while (const std::optional<ScriptPiece> piece = reader.next()) {
    ASSERT_LE(++count, 2 * bytes.size() + 2);
    const bool may_be_silent = piece->kind == PieceKind::Statement || piece->kind == PieceKind::CopyData;
    ASSERT_TRUE(may_be_silent || !piece->message.empty());
    if (piece->kind == PieceKind::Note || piece->text.empty()) continue;
    ASSERT_GE(piece->begin, done);
    ASSERT_GT(piece->end, piece->begin);
    ASSERT_EQ(piece->text, reader.text().substr(piece->begin, piece->end - piece->begin));
    ASSERT_EQ(piece->where.text(), place_of(reader.text(), piece->begin));
    ASSERT_EQ(place_of(reader.text(), piece->end), (Position{"f.sql", piece->end_line, piece->end_column}.text()));
    if (piece->kind == PieceKind::Statement) {
      ASSERT_EQ(piece->statement->sql, parse_one(piece->text).sql);
    }
    done = piece->end;
  }
}

const std::string kScript =
    "-- start\nCREATE TABLE t (id int PRIMARY KEY, name text DEFAULT 'it''s');\n"
    "CREATE FUNCTION f() RETURNS int AS $body$ BEGIN RETURN 1; END $body$ LANGUAGE plpgsql;\n"
    "CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END;\n"
    "\\set x 1\nCOPY t FROM stdin;\n1\ta\n\\.\n/* a /* nested */ comment */\n"
    "INSERT INTO t VALUES (1, E'\\'', U&'\\0061', \"q;\") \\g\n"
    "ALTER TABLE :x ADD CONSTRAINT c CHECK (id > 0) NOT VALID; -- end\nSELECT ${a}, {{ b }}, $1;\n";

TEST(HostileScript, EveryPrefixAndSuffixIsSound) {
  for (std::size_t i = 0; i <= kScript.size(); ++i) {
    expect_sound(kScript.substr(0, i));
    expect_sound(kScript.substr(i));
  }
}

TEST(HostileScript, RandomBytesAreSound) {
  Random random(1);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes(below(random, 300), '\0');
    for (char& c : bytes) c = static_cast<char>(round % 2 == 0 ? random() : ' ' + below(random, 95));
    SCOPED_TRACE(round);
    expect_sound(bytes);
  }
}

TEST(HostileScript, RandomTokensAreSound) {
  constexpr std::array kTokens = std::to_array<std::string_view>(
      {"'", "\"", "$$", "$a$", "--", "/*", "*/", ";", "\n", "\r\n", "\\", "\\.", "\\g", "(", ")", "begin", "atomic", "end", "case",
       "create", "function", "copy", "from", "stdin", ":x", "${", "}", "E'", "U&'", "alter", "table", "t", "1", " ", "\xC3\xA9"});
  Random random(2);
  for (int round = 0; round < 6000; ++round) {
    std::string text;
    for (std::size_t n = below(random, 60); n > 0; --n) text.append(kTokens[below(random, kTokens.size())]).append(below(random, 2), ' ');
    SCOPED_TRACE(text);
    expect_sound(text);
  }
}

TEST(HostileScript, MutatedSqlIsSound) {
  Random random(3);
  for (int round = 0; round < 3000; ++round) {
    std::string text = kScript;
    for (std::size_t n = 1 + below(random, 4); n > 0; --n) {
      const std::size_t at = below(random, text.size()), length = below(random, 12);
      switch (below(random, 4)) {
        case 0: text.erase(at, length); break;
        case 1: text.insert(at, kScript.substr(below(random, kScript.size()), length)); break;
        case 2: text[at] = static_cast<char>(random()); break;
        default: text.insert(at, 1, "'\"$;()\\\n"[below(random, 8)]);
      }
    }
    SCOPED_TRACE(text);
    expect_sound(text);
  }
}

std::string repeated(const std::string& text, std::size_t bytes) {
  std::string all;
  while (all.size() < bytes) all += text;
  return all;
}

std::size_t count_pieces(const std::string& text) {
  ScriptReader reader(text, "f.sql");
  std::size_t count = 0;
  while (reader.next()) ++count;
  return count;
}

double seconds_for(const std::string& text) {
  const std::clock_t begin = std::clock();
  count_pieces(text);
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;  // of this process: others may be busy
}

TEST(HostileScript, TimeIsLinearWhereRecoveryHasMostToDo) {
  for (const char* line : {"SELECT $a;\n", "SELECT 'a;\n", "SELECT (1;\n", "/* SELECT 1;\n", "SELECT \"a;\n", "COPY t FROM stdin;\n",
                           "CREATE FUNCTION f() BEGIN ATOMIC SELECT 1;\n", "SELECT $$a;\n", "E'\\';\n", "SELECT ${x;\n"}) {
    seconds_for(repeated(line, 20'000));
    const double small = seconds_for(repeated(line, 100'000)), large = seconds_for(repeated(line, 400'000));
    EXPECT_LT(large, 12 * small + 0.2) << line;
  }
}

TEST(HostileScript, ManyTagsThatNeverCloseAreGivenUpAndSaid) {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "SELECT $a" + std::to_string(i) + "$;\n";
  ScriptReader reader(text, "f.sql");
  std::string last;
  while (const auto piece = reader.next()) last = piece->message;
  EXPECT_TRUE(has(last, "the rest of it is left out"));
}

TEST(HostileScript, TenThousandStatementsAreRead) {
  EXPECT_EQ(count_pieces(repeated("ALTER TABLE t ADD COLUMN c int;\n", 32 * 10000)), 10000U);
}

TEST(HostileScript, StatementOfAMegabyteIsRead) {
  const std::string rows = repeated("(1, 'some text'),\n", 1 << 20);
  const auto pieces = testing::pieces_of("INSERT INTO t VALUES " + rows + "(2, '');\nSELECT 1;");
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces[0].kind, PieceKind::Statement) << pieces[0].message;
}

TEST(HostileScript, FiftyMegabytesAreRead) {
  const std::string rows = "COPY t FROM stdin;\n" + repeated("1\tsome text that is a row of data\n", 25 << 20) + "\\.\n";
  const std::string comments = repeated("-- a comment that goes on and on, line by line\n", 25 << 20);
  EXPECT_EQ(count_pieces("SELECT 1;\n" + rows + comments + "SELECT 2;"), 4U);
}

}  // namespace
}  // namespace midflight::sql
