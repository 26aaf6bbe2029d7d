#include "sim/check/session.h"

#include <gtest/gtest.h>

#include "sim/check/settings.h"
#include "sim/rules/rules.h"
#include "sim/sql/parse.h"

namespace midflight::check {
namespace {

/// Runs statements under a schema of two tables; locks as the rules say.
class SessionOf {
 public:
  explicit SessionOf(Wrapping wrapping = Wrapping::EachStatement) : session_(wrapping) {}
  SessionOf& run(const std::string& sql) {
    for (Statement& statement : sql::parse(sql)) {
      LocksAndWork work = rules::locks_and_work(statement, schema_, {});
      session_.run(std::move(statement), std::move(work));
    }
    return *this;
  }
  const Session* operator->() const { return &session_; }

 private:
  Schema schema_ = sql::schema_from_sql("CREATE TABLE a (id int); CREATE TABLE b (id int);");
  Session session_;
};

TEST(Session, StatementOutsideATransactionKeepsNoLock) {
  SessionOf s;
  s.run("ALTER TABLE a ADD COLUMN x int");
  EXPECT_TRUE(s->held().empty());
  EXPECT_FALSE(s->in_block());
}

TEST(Session, LocksAreKeptUntilCommit) {
  SessionOf s;
  s.run("BEGIN; ALTER TABLE a ADD COLUMN x int; SELECT 1");
  ASSERT_NE(s->held("a"), nullptr);
  EXPECT_EQ(s->held("a")->mode, LockMode::AccessExclusiveLock);
  EXPECT_EQ(s->held("a")->statement, 1U);
  s.run("COMMIT");
  EXPECT_EQ(s->held("a"), nullptr);
}

TEST(Session, StrongestModeOfARelationIsKept) {
  SessionOf s;
  s.run("BEGIN; SELECT * FROM a; ALTER TABLE a ADD COLUMN x int; SELECT * FROM a");
  EXPECT_EQ(s->held().size(), 1U);
  EXPECT_EQ(s->held("a")->mode, LockMode::AccessExclusiveLock);
}

TEST(Session, RollingBackToASavepointGivesBackItsLocks) {
  SessionOf s;
  s.run("BEGIN; ALTER TABLE a ADD COLUMN x int; SAVEPOINT p; ALTER TABLE b ADD COLUMN x int; ROLLBACK TO SAVEPOINT p");
  EXPECT_NE(s->held("a"), nullptr);
  EXPECT_EQ(s->held("b"), nullptr);
}

TEST(Session, ToolsTransactionHoldsFromTheFirstStatement) {
  SessionOf s(Wrapping::OneTransaction);
  EXPECT_TRUE(s->in_block());
  s.run("ALTER TABLE a ADD COLUMN x int");
  EXPECT_NE(s->held("a"), nullptr);
  EXPECT_FALSE(s->opened_by_script());
}

TEST(Session, CommitInsideTheToolsTransactionEndsIt) {
  SessionOf s(Wrapping::OneTransaction);
  s.run("ALTER TABLE a ADD COLUMN x int; COMMIT; ALTER TABLE b ADD COLUMN x int");
  EXPECT_TRUE(s->held().empty());
  EXPECT_FALSE(s->in_block());
}

TEST(Session, TableOfTheSameScriptIsNewUntilItIsFilled) {
  SessionOf s;
  s.run("CREATE TABLE c (id int)");
  EXPECT_TRUE(s->is_new("c"));
  s.run("INSERT INTO c (id) VALUES (1)");
  EXPECT_FALSE(s->is_new("c"));
}

TEST(Session, TableOfTheSameTransactionStaysNewWhenItIsFilled) {
  SessionOf s;
  s.run("BEGIN; CREATE TABLE c (id int); INSERT INTO c (id) VALUES (1)");
  EXPECT_TRUE(s->is_new("c"));
  s.run("COMMIT");
  EXPECT_FALSE(s->is_new("c"));
}

// Whoever knows the schema says where it was there: Session::was_there().
TEST(Session, TableMadeIfNotExistsIsNew) {
  SessionOf s;
  s.run("CREATE TABLE IF NOT EXISTS c (id int)");
  EXPECT_TRUE(s->is_new("c"));
}

TEST(Session, RenamedTableStaysNew) {
  SessionOf s;
  s.run("CREATE TABLE c (id int); ALTER TABLE c RENAME TO d");
  EXPECT_TRUE(s->is_new("d"));
}

TEST(Session, SetLocalEndsWithTheTransaction) {
  SessionOf s;
  s.run("BEGIN; SET LOCAL lock_timeout = '2s'");
  EXPECT_EQ(s->timeouts().lock, Duration::seconds(2));
  s.run("COMMIT");
  EXPECT_FALSE(s->timeouts().lock);
}

TEST(Session, SetOutlivesTheTransaction) {
  SessionOf s;
  s.run("BEGIN; SET lock_timeout TO 1500; COMMIT");
  EXPECT_EQ(s->timeouts().lock, Duration::milliseconds(1500));
  s.run("RESET lock_timeout");
  EXPECT_FALSE(s->timeouts().lock);
}

TEST(Session, SetLocalOutsideATransactionHasNoEffect) {
  SessionOf s;
  s.run("SET LOCAL lock_timeout = '2s'");
  EXPECT_FALSE(s->timeouts().lock);
}

TEST(Settings, AreReadAsPostgresqlWritesThem) {
  EXPECT_EQ(setting_duration("'2s'"), Duration::seconds(2));
  EXPECT_EQ(setting_duration("250"), Duration::milliseconds(250));
  EXPECT_EQ(setting_duration("' 5 min '"), Duration::minutes(5));
  EXPECT_FALSE(setting_duration("'soon'"));
  EXPECT_FALSE(setting_duration("'5 weeks'"));
}

TEST(Settings, AreFoundInSetConfig) {
  const auto change = setting_change(sql::parse_one("SELECT pg_catalog.set_config('lock_timeout', '3s', true)"));
  ASSERT_TRUE(change);
  EXPECT_EQ(change->value, Duration::seconds(3));
  EXPECT_TRUE(change->local);
}

TEST(TransactionWords, AreToldFromOtherStatements) {
  EXPECT_EQ(transaction_word(sql::parse_one("START TRANSACTION ISOLATION LEVEL SERIALIZABLE")), TransactionWord::Begin);
  EXPECT_EQ(transaction_word(sql::parse_one("END")), TransactionWord::Commit);
  EXPECT_EQ(transaction_word(sql::parse_one("ROLLBACK WORK TO p")), TransactionWord::RollbackTo);
  EXPECT_EQ(transaction_word(sql::parse_one("ABORT")), TransactionWord::Rollback);
  EXPECT_EQ(transaction_word(sql::parse_one("SELECT 1")), TransactionWord::None);
}

}  // namespace
}  // namespace midflight::check
