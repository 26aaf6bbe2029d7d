#include <gtest/gtest.h>

#include "tests/unit/strategy/builders.h"

namespace midflight::strategy::testing {
namespace {

const SqlStep& sql_step(const Plan& plan, std::size_t step) { return std::get<SqlStep>(plan.steps.at(step).action); }

TEST(RenameColumnStrategies, AreThoseThatKnowIt) {
  EXPECT_EQ(names_text(propose_all(scenario())), "expand_contract rename_with_view maintenance_window naive");
}

TEST(Naive, IsTheChangeAndThenTheDeployment) {
  const Proposal p = propose(scenario(), "naive");
  EXPECT_EQ(text(p.plan),
            "change: ALTER TABLE users RENAME COLUMN name TO full_name\n"
            "deploy: deploy v2\n");
  EXPECT_EQ(versions_text(p), "v1 v2");
}

TEST(Naive, HasNeitherLockTimeoutNorRetry) {
  const Proposal p = propose(scenario(), "naive");
  EXPECT_FALSE(sql_step(p.plan, 0).lock_timeout.has_value());
  EXPECT_EQ(sql_step(p.plan, 0).retry, Retry{});
}

TEST(MaintenanceWindow, StopsChangesAndStarts) {
  const Proposal p = propose(scenario(), "maintenance_window");
  ASSERT_EQ(p.plan.steps.size(), 3U);
  EXPECT_EQ(p.plan.steps[0].id, "stop");
  EXPECT_EQ(std::get<DeployStep>(p.plan.steps[0].action).version, "");
  EXPECT_EQ(p.plan.steps[1].id, "change");
  EXPECT_EQ(sql_step(p.plan, 1).lock_timeout, Duration::seconds(2));
  EXPECT_EQ(std::get<DeployStep>(p.plan.steps[2].action).version, "v2");
}

TEST(RenameWithView, ShowsTheColumnUnderBothNamesInOneTransaction) {
  const Proposal p = propose(scenario(), "rename_with_view");
  EXPECT_EQ(text(p.plan),
            "rename-behind-view: ALTER TABLE users RENAME TO users_base; "
            "ALTER TABLE users_base RENAME COLUMN name TO full_name; "
            "CREATE VIEW users AS SELECT id, full_name, full_name AS name, email FROM users_base\n"
            "read-new: deploy v2\n"
            "soak-read-new: wait 1h\n"
            "drop-view: DROP VIEW users; ALTER TABLE users_base RENAME TO users\n");
  EXPECT_EQ(versions_text(p), "v1 v2");
}

TEST(RenameWithView, TakesAFreeNameForTheTable) {
  const Proposal p = propose(scenario("ALTER TABLE users RENAME COLUMN name TO full_name",
                                      std::string(kUsers) + "CREATE TABLE users_base (id int);"),
                             "rename_with_view");
  EXPECT_EQ(sql_step(p.plan, 0).statements.front().sql, "ALTER TABLE users RENAME TO users_base_2");
}

TEST(RenameWithView, RefusesUpsertsOnSqlite) {
  Scenario s = scenario();
  s.app.versions = {version("v1", {"INSERT INTO users (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING"})};
  EXPECT_FALSE(propose(s, "rename_with_view").refused);
  s.database.dialect = {Engine::Sqlite, 340};
  const Proposal p = propose(s, "rename_with_view");
  EXPECT_TRUE(p.refused);
  EXPECT_NE(p.why.find("ON CONFLICT"), std::string::npos);
}

TEST(ExpandContract, AddsCopiesReadsAndDropsInThatOrder) {
  const Proposal p = propose(scenario(), "expand_contract");
  EXPECT_EQ(text(p.plan),
            "expand: ALTER TABLE users ADD COLUMN full_name character varying(50)\n"
            "write-both: deploy v1.1\n"
            "soak-write-both: wait 1h\n"
            "copy: UPDATE users SET full_name = name WHERE full_name IS DISTINCT FROM name\n"
            "check-equal: check equal(users.name, users.full_name)\n"
            "read-new: deploy v1.2\n"
            "soak-read-new: wait 1h\n"
            "stop-old: deploy v2\n"
            "soak-stop-old: wait 1h\n"
            "contract: ALTER TABLE users DROP COLUMN name\n");
  EXPECT_EQ(versions_text(p), "v1 v1.1 v1.2 v2");
}

TEST(ExpandContract, EachStepFollowsTheOneBeforeAndSaysWhy) {
  const Plan plan = propose(scenario(), "expand_contract").plan;
  EXPECT_TRUE(plan.steps.front().after.empty());
  for (std::size_t i = 1; i < plan.steps.size(); ++i) EXPECT_EQ(plan.steps[i].after, std::vector<std::size_t>{i - 1});
  for (const Step& step : plan.steps) EXPECT_FALSE(step.why.empty()) << step.id;
}

TEST(ExpandContract, TakesTheTimeoutsAndBatchesOfTheScenario) {
  Scenario s = scenario();
  s.migration.batch = 5000;
  s.migration.batch_pause = Duration::milliseconds(20);
  const Plan plan = propose(s, "expand_contract").plan;
  EXPECT_EQ(sql_step(plan, 0).lock_timeout, Duration::seconds(2));
  EXPECT_EQ(sql_step(plan, 0).retry.tries, 10);
  const auto& copy = std::get<BackfillStep>(plan.steps.at(3).action);
  EXPECT_EQ(copy.batch, 5000);
  EXPECT_EQ(copy.pause, Duration::milliseconds(20));
}

TEST(ExpandContract, HasNoWaitsWithoutSoak) {
  Scenario s = scenario();
  s.migration.soak = {};
  EXPECT_EQ(text(propose(s, "expand_contract").plan).find("wait"), std::string::npos);
}

TEST(ExpandContract, VersionsWriteAndReadWhatTheirStageSays) {
  const Proposal p = propose(scenario(), "expand_contract");
  EXPECT_EQ(statements_text(p, "v1"), "INSERT INTO users (name) VALUES ($1)\nSELECT name FROM users WHERE id = $1\n");
  for (const char* both : {"v1.1", "v1.2"}) {
    const std::string statements = statements_text(p, both);
    EXPECT_NE(statements.find("name, full_name)"), std::string::npos) << statements;
  }
  EXPECT_NE(statements_text(p, "v1.1").find("SELECT name FROM users"), std::string::npos) << statements_text(p, "v1.1");
  EXPECT_NE(statements_text(p, "v1.2").find("SELECT full_name AS name FROM users"), std::string::npos) << statements_text(p, "v1.2");
  EXPECT_EQ(statements_text(p, "v2"), "INSERT INTO users (full_name) VALUES ($1)\nSELECT full_name FROM users WHERE id = $1\n");
}

TEST(ExpandContract, KeepsRatesAndNamesOfEndpoints) {
  const Proposal p = propose(scenario(), "expand_contract");
  ASSERT_EQ(p.versions.size(), 4U);
  for (const Version& v : p.versions) {
    ASSERT_EQ(v.endpoints.size(), 2U);
    EXPECT_EQ(v.endpoints[0].name, "endpoint 1");
    EXPECT_EQ(v.endpoints[0].rate_per_second, 10);
  }
}

TEST(ExpandContract, ListedVersionTakesThePlaceOfTheDerivedOne) {
  Scenario s = scenario();
  s.app.versions.push_back(version("v2", {"SELECT full_name FROM users"}));
  const Proposal p = propose(s, "expand_contract");
  EXPECT_EQ(versions_text(p), "v1 v1.1 v1.2 v2");
  EXPECT_EQ(statements_text(p, "v2"), "SELECT full_name FROM users\n");
}

TEST(ExpandContract, RefusesAStatementWhoseValueWouldBeDrawnTwice) {
  Scenario s = scenario();
  s.app.versions = {version("v1", {"INSERT INTO users (name) VALUES (gen_random_uuid()::text)"})};
  const Proposal p = propose(s, "expand_contract");
  EXPECT_TRUE(p.refused);
  EXPECT_NE(p.why.find("gen_random_uuid"), std::string::npos) << p.why;
  EXPECT_FALSE(propose(s, "naive").refused);
}

TEST(ExpandContract, RefusesPrimaryKeysAndReferencedColumns) {
  EXPECT_NE(propose(scenario("ALTER TABLE users RENAME COLUMN id TO user_id"), "expand_contract").why.find("primary key"), std::string::npos);
  const std::string referenced =
      "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50) UNIQUE);"
      "CREATE TABLE logins (user_name varchar(50) REFERENCES users (name));";
  const Proposal p = propose(scenario("ALTER TABLE users RENAME COLUMN name TO full_name", referenced), "expand_contract");
  EXPECT_TRUE(p.refused);
  EXPECT_NE(p.why.find("logins"), std::string::npos) << p.why;
}

TEST(ExpandContract, RefusesAColumnThatAViewReads) {
  const Proposal p = propose(scenario("ALTER TABLE users RENAME COLUMN name TO full_name",
                                      std::string(kUsers) + "CREATE VIEW people AS SELECT id, name FROM users;"),
                             "expand_contract");
  EXPECT_TRUE(p.refused);
  EXPECT_NE(p.why.find("people"), std::string::npos) << p.why;
}

TEST(ExpandContract, RefusesADefaultThatDiffersAtEachCall) {
  const Proposal p = propose(scenario("ALTER TABLE users RENAME COLUMN name TO full_name",
                                      "CREATE TABLE users (id bigint PRIMARY KEY, name text DEFAULT gen_random_uuid()::text);"),
                             "expand_contract");
  EXPECT_TRUE(p.refused);
  EXPECT_NE(p.why.find("default"), std::string::npos) << p.why;
}

TEST(ExpandContract, SaysWhichBackgroundJobItDoesNotFollow) {
  Scenario s = scenario();
  BackgroundJob report;
  report.name = "report";
  report.statement = sql::parse_one("SELECT count(name) FROM users");
  s.background = {report};
  const Proposal p = propose(s, "expand_contract");
  ASSERT_EQ(p.assumptions.size(), 1U);
  EXPECT_EQ(p.assumptions.front(), "The background job report keeps naming name and fails once it is dropped.");
}

}  // namespace
}  // namespace midflight::strategy::testing
