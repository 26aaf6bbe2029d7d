#include <gtest/gtest.h>

#include "sim/rules/rules.h"
#include "sim/sql/render.h"
#include "tests/unit/strategy/builders.h"

namespace midflight::strategy::testing {
namespace {

// A column with everything a column can have.
const char* const kRich =
    "CREATE TABLE people (name text PRIMARY KEY);"
    "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL DEFAULT 'x' UNIQUE REFERENCES people (name), email text,"
    " CONSTRAINT users_name_check CHECK (name <> ''));"
    "CREATE INDEX users_name_idx ON users (name, email);";

/// Walks through the sql steps; every statement must be understood, fit the
/// schema left by those before it, and have words on the engine.
Schema after_plan(const Proposal& proposal, const Scenario& scenario) {
  Schema schema = scenario.schema;
  const Dialect& dialect = scenario.database.dialect;
  for (const Step& step : proposal.plan.steps) {
    const auto* sql = std::get_if<SqlStep>(&step.action);
    if (!sql) continue;
    for (const Statement& statement : sql->statements) {
      EXPECT_TRUE(rules::locks_and_work(statement, schema, dialect).understood) << statement.sql;
      EXPECT_NO_THROW(sql::render(statement, schema, dialect)) << statement.sql;
      for (const Operation& operation : statement.operations) EXPECT_EQ(apply(operation, schema), "") << statement.sql;
    }
  }
  return schema;
}

class Engines : public ::testing::TestWithParam<Dialect> {};

TEST_P(Engines, EveryPlanOfARenameFitsAndEndsWithTheNewColumnAlone) {
  Scenario s = scenario("ALTER TABLE users RENAME COLUMN name TO full_name", kRich);
  s.database.dialect = GetParam();
  for (const Proposal& p : propose_all(s)) {
    ASSERT_FALSE(p.refused) << p.name << ": " << p.why;
    const Schema end = after_plan(p, s);
    const Table* users = end.table("users");
    ASSERT_NE(users, nullptr) << p.name;
    EXPECT_EQ(users->column("name"), nullptr) << p.name;
    ASSERT_NE(users->column("full_name"), nullptr) << p.name;
    EXPECT_TRUE(users->column("full_name")->not_null) << p.name;
    EXPECT_EQ(users->column("full_name")->default_sql.has_value(), true) << p.name;
    EXPECT_TRUE(end.views.empty()) << p.name;
  }
}

TEST_P(Engines, ExpandAndContractLosesNoIndexOrConstraint) {
  Scenario s = scenario("ALTER TABLE users RENAME COLUMN name TO full_name", kRich);
  s.database.dialect = GetParam();
  const Schema renamed = after_plan(propose(s, "naive"), s);
  const Schema expanded = after_plan(propose(s, "expand_contract"), s);
  const auto covering = [](const Schema& schema) {
    int indexes = 0;
    for (const Index& i : schema.table("users")->indexes) indexes += i.columns.front() == "full_name";
    return indexes;
  };
  EXPECT_EQ(covering(renamed), 2);
  EXPECT_EQ(covering(expanded), 2);
  const auto kinds = [](const Schema& schema, ConstraintKind kind) {
    int count = 0;
    for (const Constraint& c : schema.table("users")->constraints) count += c.kind == kind && c.valid;
    return count;
  };
  EXPECT_EQ(kinds(expanded, ConstraintKind::Check), kinds(renamed, ConstraintKind::Check));
  EXPECT_EQ(kinds(expanded, ConstraintKind::ForeignKey), kinds(renamed, ConstraintKind::ForeignKey));
}

// PostgreSQL refuses such a statement inside a transaction.
TEST_P(Engines, StatementsThatRefuseTransactionsStandAlone) {
  Scenario s = scenario("ALTER TABLE users RENAME COLUMN name TO full_name", kRich);
  s.database.dialect = GetParam();
  for (const Step& step : propose(s, "expand_contract").plan.steps) {
    const auto* sql = std::get_if<SqlStep>(&step.action);
    if (!sql) continue;
    for (const Statement& statement : sql->statements) {
      EXPECT_TRUE(!statement.refuses_transaction || sql->statements.size() == 1) << step.id;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Both, Engines, ::testing::Values(Dialect{Engine::Postgresql, 15}, Dialect{Engine::Sqlite, 340}),
                         [](const auto& param) { return param.param.engine == Engine::Sqlite ? "sqlite" : "postgresql"; });

}  // namespace
}  // namespace midflight::strategy::testing
