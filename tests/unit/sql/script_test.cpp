#include "sim/sql/script.h"

#include <gtest/gtest.h>

#include "tests/unit/sql/script_support.h"
#include "tests/unit/sql/texts.h"

namespace midflight::sql {
namespace {

using testing::pieces_of;
using testing::told;

TEST(Script, StatementsHaveExactPlaces) {
  const auto pieces = pieces_of("SELECT 1;\n\n  -- a comment\n  ALTER TABLE t\n    ADD c int ;\nSELECT 2");
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_EQ(pieces[1].where.text(), "f.sql:4:3");
  EXPECT_EQ(pieces[1].end_line, 5);
  EXPECT_EQ(pieces[1].end_column, 14);
  EXPECT_EQ(pieces[1].text, "ALTER TABLE t\n    ADD c int");
  EXPECT_EQ(pieces[1].statement->where.text(), "f.sql:4:3");
  EXPECT_EQ(pieces[2].begin, 58U);
  EXPECT_EQ(pieces[2].end, 66U);
}

TEST(Script, ColumnsCountCharactersNotBytes) {
  const auto pieces = pieces_of("SELECT 'h\xC3\xA9'; SELECT 2;");
  EXPECT_EQ(pieces[1].where.column, 14);
}

TEST(Script, CarriageReturnsBeforeNewLinesChangeNoPlace) {
  const auto pieces = pieces_of("-- a\r\nSELECT 1;\r\nSELEC 2;\r\nSELECT 3;\r\n");
  EXPECT_EQ(told(pieces), "statement 2:1 SELECT 1|unreadable 3:1 SELEC 2|statement 4:1 SELECT 3");
  EXPECT_EQ(pieces[0].comments, "-- a");
}

TEST(Script, CommentsBeforeInsideAndBehindBelongToTheStatement) {
  const auto pieces = pieces_of("-- one\n/* two */ SELECT -- three\n 1; -- four\n-- five\nSELECT 2;");
  EXPECT_EQ(pieces[0].comments, "-- one\n/* two */\n-- three\n-- four");
  EXPECT_EQ(pieces[1].comments, "-- five");
}

TEST(Script, EmptyStatementsAndLonelyCommentsAreNothing) {
  EXPECT_EQ(told(pieces_of(";;\n ; -- nothing\n")), "");
  EXPECT_EQ(told(pieces_of("")), "");
  EXPECT_EQ(told(pieces_of(";SELECT 1;;")), "statement 1:2 SELECT 1");
}

TEST(Script, QuotesCommentsAndDollarsHideSemicolons) {
  for (const char* sql : {"SELECT 'a;b'", "SELECT 'it''s;'", "SELECT E'\\';'", "SELECT U&'a;\\0061'", "SELECT \"a;b\"",
                          "SELECT $$;$$", "SELECT $a$;$$;$b$;$a$", "SELECT /* ; /* ; */ ; */ 1", "SELECT 1 -- ;\n + 1",
                          "SELECT E'a'\n'\\';b'", "SELECT a$b$ FROM t WHERE c$b$ = 1"}) {
    EXPECT_EQ(pieces_of(std::string(sql) + ";SELECT 2;").size(), 2U) << sql;
    EXPECT_EQ(pieces_of(std::string(sql) + ";SELECT 2;")[0].kind, PieceKind::Statement) << sql;
  }
}

TEST(Script, RuleActionsInBracketsAreOneStatement) {
  EXPECT_EQ(pieces_of("CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO a VALUES (1); DELETE FROM b); SELECT 1;").size(), 2U);
}

TEST(Script, AtomicBodiesAreOneStatement) {
  const auto pieces = pieces_of(
      "CREATE OR REPLACE FUNCTION f(begin int) RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;\n"
      "CREATE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); END; SELECT 3;");
  EXPECT_EQ(pieces.size(), 3U);
  EXPECT_EQ(pieces[0].kind, PieceKind::Statement) << pieces[0].message;
}

TEST(Script, BeginOfATransactionIsNoBody) {
  EXPECT_EQ(pieces_of("BEGIN; CREATE TABLE t (id int); COMMIT;").size(), 3U);
}

TEST(Script, BadStatementSpoilsNothingElse) {
  const auto pieces = pieces_of("ALTER TABLE t ADD a int;\nALTER TABLE t ADDD\n  b int;\nALTER TABLE t ADD c int;\n");
  EXPECT_EQ(told(pieces), "statement 1:1 ALTER TABLE t ADD a int|unreadable 2:1 ALTER TABLE t ADDD   b int|"
                          "statement 4:1 ALTER TABLE t ADD c int");
  EXPECT_EQ(pieces[1].message_at.text(), "f.sql:2:15");
  EXPECT_TRUE(has(pieces[1].message, "syntax error at or near \"ADDD\""));
}

TEST(Script, MissingSemicolonIsPointedAtAndBothStatementsAreRead) {
  const auto pieces = pieces_of("CREATE TABLE t (id int)\nALTER TABLE t ADD c int;\nSELECT 1;");
  EXPECT_EQ(told(pieces), "statement 1:1 CREATE TABLE t (id int)|statement 2:1 ALTER TABLE t ADD c int|statement 3:1 SELECT 1");
  EXPECT_EQ(pieces[0].message, "a semicolon is missing before this word");
  EXPECT_EQ(pieces[0].message_at.text(), "f.sql:2:1");
}

TEST(Script, MistakeAtTheBeginOfALineIsNoMissingSemicolon) {
  const auto pieces = pieces_of("MERGE INTO t USING s ON t.a = s.a\nWHEN MATCHED THEN\nINSERT DEFAULT VALUES;\nSELECT 1;");
  ASSERT_EQ(pieces.size(), 2U) << told(pieces);
  EXPECT_TRUE(has(pieces[0].message, "syntax error at or near \"INSERT\""));
  EXPECT_EQ(pieces[0].message_at.text(), "f.sql:3:1");
}

TEST(Script, BracketLeftOpenSwallowsNothing) {
  const auto pieces = pieces_of("CREATE TABLE t (id int;\nALTER TABLE t ADD c int;\nSELECT 1;");
  EXPECT_EQ(told(pieces), "unreadable 1:1 CREATE TABLE t (id int|statement 2:1 ALTER TABLE t ADD c int|statement 3:1 SELECT 1");
}

TEST(Script, UnterminatedQuoteIsPointedAtAndTheRestIsRead) {
  for (const auto& [sql, message] : {std::pair("INSERT INTO t VALUES ('it's');", "quoted text"), {"SELECT \"a;", "quoted name"},
                                     {"SELECT $body$ x;", "$body$"}, {"SELECT 1; /* off;", "comment"}}) {
    const auto pieces = pieces_of(std::string(sql) + "\nALTER TABLE t ADD c int;\nSELECT 2;\n");
    ASSERT_GE(pieces.size(), 3U) << sql;
    EXPECT_EQ(pieces[pieces.size() - 2].where.text(), "f.sql:2:1") << sql;
    EXPECT_EQ(pieces[pieces.size() - 1].statement->sql, "SELECT 2") << sql;
    EXPECT_TRUE(has(pieces[pieces.size() - 3].message, message));
    EXPECT_EQ(pieces[pieces.size() - 3].message_at.line, 1);
  }
}

TEST(Script, BodyOfABrokenFunctionIsNotReadAsStatements) {
  const auto pieces = pieces_of("CREATE FUNCTION f() RETURNZ int AS $$\nBEGIN\nDELETE FROM t;\nDELETE FROM u;\nEND $$ LANGUAGE plpgsql;\nSELECT 1;");
  ASSERT_EQ(pieces.size(), 2U) << told(pieces);
  EXPECT_EQ(pieces[1].where.line, 6);
}

TEST(Script, TooDeepIsRefusedAndTheRestIsRead) {
  const std::string deep = "SELECT " + std::string(100000, '(') + "1" + std::string(100000, ')');
  const auto pieces = pieces_of(deep + ";\nSELECT 1;");
  EXPECT_EQ(pieces[0].kind, PieceKind::Unreadable);
  EXPECT_EQ(pieces[1].kind, PieceKind::Statement);
}

TEST(Script, CommentThatEndsWithACarriageReturnHidesNoDepth) {
  std::string deep = "SELECT 1 --\r";
  for (int i = 0; i < 100000; ++i) deep += "+ 1 ";
  const auto pieces = pieces_of(deep + "\n; SELECT 2;");
  EXPECT_TRUE(has(pieces[0].message, "nests too deeply"));
}

TEST(Script, StatementAboveTheSizeLimitIsSaid) {
  const std::string large = "SELECT '" + std::string(5 << 20, 'x') + "';\nSELECT 1;";
  const auto pieces = pieces_of(large);
  EXPECT_EQ(pieces[0].message, "this statement is larger than 2 MB");
  EXPECT_EQ(pieces[1].kind, PieceKind::Statement);
}

}  // namespace
}  // namespace midflight::sql
