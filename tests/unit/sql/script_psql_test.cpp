#include <gtest/gtest.h>

#include "sim/sql/encoding.h"
#include "tests/unit/sql/script_support.h"
#include "tests/unit/sql/texts.h"

namespace midflight::sql {
namespace {

using testing::pieces_of;
using testing::told;

TEST(ScriptForPsql, MetaCommandsAreLinesOfTheirOwn) {
  const auto pieces = pieces_of("\\set ON_ERROR_STOP on\nSELECT 1;\n\\i other.sql\n  \\echo it's done\nSELECT 2;\n");
  EXPECT_EQ(told(pieces), "meta 1:1 \\set ON_ERROR_STOP on|statement 2:1 SELECT 1|meta 3:1 \\i other.sql|"
                          "meta 4:3 \\echo it's done|statement 5:1 SELECT 2");
  EXPECT_TRUE(has(pieces[2].message, "is not followed"));
  EXPECT_EQ(pieces[3].message, "\\echo is for psql alone: no statement here depends on it");
}

TEST(ScriptForPsql, EachCommandSaysWhatItMeans) {
  for (const auto& [line, meaning] : {std::pair("\\ir x.sql", "not followed"), {"\\copy t from 'x.csv'", "COPY"}, {"\\if :a", "all of them"},
                                      {"\\endif", "all of them"}, {"\\c other", "another database"}, {"\\q", "stops here"},
                                      {"\\! rm x", "operating system"}, {"\\restrict abc", "for psql alone"}}) {
    const auto pieces = pieces_of(line);
    ASSERT_EQ(pieces.size(), 1U) << line;
    EXPECT_EQ(pieces[0].kind, PieceKind::MetaCommand) << line;
    EXPECT_TRUE(has(pieces[0].message, meaning)) << line;
  }
}

TEST(ScriptForPsql, CommandThatSendsEndsTheStatement) {
  EXPECT_EQ(told(pieces_of("SELECT 'DROP TABLE t' \\gexec\nSELECT 2 \\g out.txt\nSELECT 3\\; SELECT 4;")),
            "statement 1:1 SELECT 'DROP TABLE t'|meta 1:23 \\gexec|statement 2:1 SELECT 2|meta 2:10 \\g out.txt|"
            "statement 3:1 SELECT 3|statement 3:12 SELECT 4");
}

TEST(ScriptForPsql, ForgottenTextHidesNothingBehindIt) {
  EXPECT_EQ(told(pieces_of("some words\n\\r\nSELECT 1;")), "unreadable 1:1 some words|meta 2:1 \\r|statement 3:1 SELECT 1");
}

TEST(ScriptForPsql, CommandInsideAStatementMakesItUnknown) {
  const auto pieces = pieces_of("CREATE TABLE t (\n\\if :wide\n a int,\n\\endif\n b int);\nSELECT 1;");
  ASSERT_EQ(pieces.size(), 2U) << told(pieces);
  EXPECT_EQ(pieces[0].kind, PieceKind::Unreadable);
  EXPECT_EQ(pieces[0].message_at.line, 2);
}

TEST(ScriptForPsql, JointBehindABrokenStatementIsNoPartOfIt) {
  EXPECT_EQ(told(pieces_of("SELEC 1 \\; SELECT 2;")), "unreadable 1:1 SELEC 1|statement 1:12 SELECT 2");
}

TEST(ScriptForPsql, RowsOfCopyAreNotSql) {
  const auto pieces = pieces_of("COPY t (a, b) FROM stdin;\n1\tit's\n2\t;DROP TABLE t;\n\\N\t\\.x\n\\.\n\nSELECT 1;");
  EXPECT_EQ(told(pieces), "statement 1:1 COPY t (a, b) FROM stdin|rows 2:1 1\tit's 2\t;DROP TABLE t; \\N\t\\.x \\.|statement 7:1 SELECT 1");
}

TEST(ScriptForPsql, RowsOfCopyMayBeNone) {
  EXPECT_EQ(told(pieces_of("COPY t FROM stdin WITH (FORMAT csv);\n\\.\nSELECT 1;")),
            "statement 1:1 COPY t FROM stdin WITH (FORMAT csv)|rows 2:1 \\.|statement 3:1 SELECT 1");
  EXPECT_EQ(told(pieces_of("\\copy t from stdin\n1\n\\.\nSELECT 1;")), "meta 1:1 \\copy t from stdin|rows 2:1 1 \\.|statement 4:1 SELECT 1");
}

TEST(ScriptForPsql, RowsOfJoinedCopiesComeWhenAllIsSent) {
  EXPECT_EQ(told(pieces_of("COPY t FROM stdin\\; SELECT 0\\; COPY u FROM stdout\\; SELECT 1;\n1\n\\.\n2\n\\.\nSELECT 2;")),
            "statement 1:1 COPY t FROM stdin|statement 1:21 SELECT 0|statement 1:32 COPY u FROM stdout|statement 1:53 SELECT 1|"
            "rows 2:1 1 \\.|rows 4:1 2 \\.|statement 6:1 SELECT 2");
}

TEST(ScriptForPsql, RowsWithoutEndAreSaidAndTheRestIsRead) {
  const auto pieces = pieces_of("COPY t FROM stdin;\n1\n2;\nALTER TABLE t ADD c int;\n");
  EXPECT_EQ(told(pieces), "statement 1:1 COPY t FROM stdin|unreadable 2:1 1 2|statement 4:1 ALTER TABLE t ADD c int");
  EXPECT_TRUE(has(pieces[1].message, "\\."));
}

TEST(ScriptForPsql, CopyFromAFileHasNoRows) {
  EXPECT_EQ(pieces_of("COPY t FROM '/tmp/x'; SELECT 1; COPY t TO stdout; SELECT 2;").size(), 4U);
}

TEST(Placeholders, AreNamedWithTheirPlace) {
  for (const auto& [sql, name] :
       {std::pair("ALTER TABLE :schema.t ADD c int", ":schema"), {"CREATE ROLE :'who' PASSWORD 'x'", ":'who'"}, {"GRANT SELECT ON t TO :\"who\"", ":\"who\""},
        {"ALTER TABLE ${schema}.t ADD c int", "${schema}"}, {"DROP TABLE {{ .Table }}", "{{ .Table }}"},
        {"{% if x %} DROP TABLE t", "{% if x %}"}, {"DROP TABLE %(name)s", "%(name)s"}, {"DROP TABLE <%= name %>", "<%= name %>"}, {"DROP TABLE @name@", "@name@"}}) {
    const auto pieces = pieces_of(std::string("SELECT 1;\n") + sql + ";\nSELECT 2;");
    ASSERT_EQ(pieces.size(), 3U) << sql;
    EXPECT_EQ(pieces[1].kind, PieceKind::Unreadable) << sql;
    EXPECT_EQ(pieces[1].message.substr(0, std::string(name).size()), name);
    EXPECT_EQ(pieces[1].message_at.column, static_cast<int>(std::string(sql).find(name)) + 1) << sql;
  }
}

TEST(Placeholders, InsideStringsHideNothing) {
  EXPECT_EQ(pieces_of("INSERT INTO t VALUES ('${name}', '{{x}}', ':y');")[0].kind, PieceKind::Statement);
}

TEST(Placeholders, CastsSlicesAndParametersAreNone) {
  EXPECT_EQ(pieces_of("SELECT a::int, b[1:2], c[x:y] FROM t WHERE d = $1;")[0].kind, PieceKind::Statement);
  EXPECT_TRUE(has(pieces_of("SELECT a::int FORM t x y;")[0].message, "syntax error"));
}

std::string utf16(const std::string& ascii, bool big_endian) {
  std::string bytes;
  for (const char c : ascii) bytes += big_endian ? std::string{'\0', c} : std::string{c, '\0'};
  return bytes;
}

TEST(Encoding, Utf16IsReadAndSaid) {
  const std::string sql = "SELECT 1;\r\nSELECT 22;\r\n";
  for (const std::string& bytes : {"\xFF\xFE" + utf16(sql, false), "\xFE\xFF" + utf16(sql, true), utf16(sql, false), utf16(sql, true)}) {
    const auto pieces = pieces_of(bytes);
    EXPECT_EQ(told(pieces), "note 1:1|statement 1:1 SELECT 1|statement 2:1 SELECT 22");
    EXPECT_TRUE(has(pieces[0].message, "UTF-16"));
  }
}

TEST(Encoding, Utf16PairsAndHalfPairs) {
  EXPECT_EQ(decode(std::string("\xFF\xFE\x3D\xD8\x00\xDE", 6)).text, "\xF0\x9F\x98\x80");
  EXPECT_EQ(decode(std::string("\xFF\xFE\x3D\xD8\x41\x00\x42", 7)).text, "\xEF\xBF\xBD" "A" "\xEF\xBF\xBD");
  EXPECT_EQ(decode(std::string("\xFE\xFF\x00\xE9\x20\xAC", 6)).text, "\xC3\xA9\xE2\x82\xAC");
}

TEST(Encoding, ByteOrderMarkOfUtf8IsNoText) {
  EXPECT_EQ(told(pieces_of("\xEF\xBB\xBFSELECT 1;")), "statement 1:1 SELECT 1");
}

TEST(Encoding, NulAndWrongBytesSpoilOneStatement) {
  const std::string nul = std::string("SELECT 1;\nSELECT 'a") + '\0' + "b';\nSELECT 'caf\xE9';\nSELECT 3;";
  const auto pieces = pieces_of(nul);
  ASSERT_EQ(pieces.size(), 4U);
  EXPECT_TRUE(has(pieces[1].message, "NUL"));
  EXPECT_EQ(pieces[1].message_at.text(), "f.sql:2:10");
  EXPECT_TRUE(has(pieces[2].message, "not UTF-8"));
  EXPECT_EQ(pieces[2].message_at.text(), "f.sql:3:12");
  EXPECT_EQ(pieces[3].kind, PieceKind::Statement);
}

TEST(Encoding, WrongBytesInCommentsAreSaidOnce) {
  const auto pieces = pieces_of("SELECT 1;\n-- caf\xE9\nSELECT 2;\n-- caf\xE9\nSELECT 3;");
  EXPECT_EQ(told(pieces), "statement 1:1 SELECT 1|note 1:1|statement 3:1 SELECT 2|statement 5:1 SELECT 3");
  EXPECT_EQ(pieces[1].message_at.text(), "f.sql:2:7");
}

TEST(Encoding, BinaryIsNoScript) {
  std::string bytes;
  for (int i = 0; i < 4000; ++i) bytes += static_cast<char>(i * 7919 >> 3);
  const auto pieces = pieces_of(bytes);
  ASSERT_EQ(pieces.size(), 1U);
  EXPECT_EQ(pieces[0].kind, PieceKind::Unreadable);
  EXPECT_EQ(pieces[0].message, "this is not a text file");
}

}  // namespace
}  // namespace midflight::sql
