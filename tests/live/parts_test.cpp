// The parts of the comparison that need no server.

#include <gtest/gtest.h>

#include "sim/kernel/error.h"
#include "tests/live/comparison.h"
#include "tests/live/corpus.h"
#include "tests/live/outside.h"

namespace midflight::live {
namespace {

TEST(Corpus, FileHasASetupAndCases) {
  const Family family = read_family("f", "CREATE TABLE t (id int);\n\n-- case: One\nDROP TABLE t;\n\n-- case: Two\n"
                                         "-- since: 14\n-- until: 16\n-- blockers: t, u\n-- fails: 42P01\nSELECT 1\n  + 1;\n");
  EXPECT_EQ(family.setup, "CREATE TABLE t (id int);\n\n");
  ASSERT_EQ(family.cases.size(), 2U);
  EXPECT_EQ(family.cases[0].sql, "DROP TABLE t");
  EXPECT_EQ(family.cases[0].place, "f.sql:3");
  EXPECT_EQ(family.cases[1].sql, "SELECT 1\n  + 1");
  EXPECT_EQ(family.cases[1].blockers, (std::vector<std::string>{"t", "u"}));
  EXPECT_EQ(family.cases[1].fails, "42P01");
  EXPECT_FALSE(family.cases[1].runs_on(13));
  EXPECT_TRUE(family.cases[1].runs_on(16));
  EXPECT_FALSE(family.cases[1].runs_on(17));
}

TEST(Corpus, SetupOfACaseMayGoOverLines) {
  const Family family = read_family("f", "-- case: One\n-- setup: CREATE TABLE a (\n--   id int);\n-- setup: SELECT 1;\nDROP TABLE a;\n");
  EXPECT_EQ(family.cases.at(0).setup, (std::vector<std::string>{"CREATE TABLE a (\n   id int);", "SELECT 1;"}));
}

TEST(Corpus, MistakesHaveTheirLine) {
  for (const char* text : {"-- case: A\n-- sinse: 14\nSELECT 1;\n", "-- case: A\n-- since: 14\n-- since: 15\nSELECT 1;\n",
                           "-- case: A\n-- case: B\nSELECT 1;\n", "-- case: A\nSELECT 1;\n-- case: A\nSELECT 1;\n",
                           "-- case: A\n-- just words\nSELECT 1;\n", "-- case: A\n"}) {
    try {
      read_family("f", text);
      FAIL() << text;
    } catch (const Error& e) {
      EXPECT_NE(std::string(e.what()).find("f.sql:"), std::string::npos) << e.what();
    }
  }
}

Case a_case(const std::string& sql) {
  Case one;
  one.family = "f";
  one.name = "One";
  one.sql = sql;
  return one;
}

struct Both {
  Prediction said;
  Observation seen;
};

/// Rules and server of one mind.
Both agreed() {
  Both both;
  for (Effects* effects : {&both.said.effects, &both.seen.effects}) {
    effects->locks["t"] = LockMode::ShareLock;
    effects->index_builds["t"] = 1;
    effects->scans.insert("u");
  }
  both.seen.kinds = {{"t", 'r'}, {"u", 'r'}, {"i", 'i'}};
  return both;
}

std::vector<std::string> found(const Both& both, const std::string& sql = "ALTER TABLE t") {
  return differences(a_case(sql), both.said, both.seen);
}

TEST(Comparison, FindsNothingWhereBothAgree) { EXPECT_TRUE(found(agreed()).empty()); }

TEST(Comparison, FindsEachDifference) {
  std::vector<Both> all(9, agreed());
  all[0].seen.effects.locks["t"] = LockMode::ExclusiveLock;
  all[1].seen.effects.locks["u"] = LockMode::AccessShareLock;
  all[2].said.effects.locks["u"] = LockMode::AccessShareLock;
  all[3].seen.effects.index_builds["t"] = 2;
  all[4].seen.effects.rewrites["u"] = 0;
  all[5].seen.effects.scans.clear();
  all[6].said.effects.scans.clear();
  all[7].seen.transaction_forbidden = true;
  all[8].seen.effects.locks["i"] = LockMode::AccessExclusiveLock;
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(found(all[i]).size(), 1U) << i;
}

TEST(Comparison, LeavesOutWhatThePageSays) {
  Both both = agreed();
  both.seen.effects.locks["i"] = LockMode::AccessShareLock;
  EXPECT_TRUE(found(both).empty());
  both.seen.effects.locks["i"] = LockMode::RowExclusiveLock;
  both.seen.effects.scans.insert("t");
  EXPECT_FALSE(found(both).empty());
  EXPECT_TRUE(found(both, "-- words\nUPDATE t SET a = 1").empty());
}

TEST(Comparison, WhatIsNotUnderstoodMustBeExpected) {
  Both both = agreed();
  both.said.understood = false;
  both.said.why_not = "DO is not modelled";
  EXPECT_EQ(found(both).size(), 1U);
  Case one = a_case("DO 'x'");
  one.refused = "DO is";
  EXPECT_TRUE(differences(one, both.said, both.seen).empty());
  one.refused = "CALL";
  EXPECT_EQ(differences(one, both.said, both.seen).size(), 1U);
  both.said.understood = true;
  EXPECT_EQ(differences(one, both.said, both.seen).size(), 1U);
}

TEST(Comparison, FailureMustBeForeseen) {
  Both both = agreed();
  both.seen.sqlstate = "42P01";
  EXPECT_EQ(found(both).size(), 1U);
  Case one = a_case("DROP TABLE t");
  one.fails = "42P01";
  EXPECT_EQ(differences(one, both.said, both.seen).size(), 1U);
  both.said.misfit = "table \"t\" does not exist";
  EXPECT_TRUE(differences(one, both.said, both.seen).empty());
  both.seen.sqlstate = "";
  EXPECT_EQ(differences(one, both.said, both.seen).size(), 1U);
}

TEST(Comparison, WaitsAgreeInOrderAndKind) {
  Both both = agreed();
  both.said.transaction_forbidden = both.seen.transaction_forbidden = true;
  both.said.waits = {{WaitsFor::Writers, {}}, {WaitsFor::OldSnapshots, {}}};
  both.seen.waits = both.said.waits;
  Case one = a_case("VACUUM");
  one.blockers = {"t"};
  EXPECT_TRUE(differences(one, both.said, both.seen).empty());
  both.seen.waits.front().whom = WaitsFor::WritersAndReaders;
  EXPECT_EQ(differences(one, both.said, both.seen).size(), 1U);
}

TEST(Comparison, LockSeenAtAWaitMayBeStrongerInTheRules) {
  Both both = agreed();
  both.said.transaction_forbidden = both.seen.transaction_forbidden = true;
  both.said.effects.locks["i"] = LockMode::AccessExclusiveLock;
  both.seen.seen["i"] = LockMode::ShareUpdateExclusiveLock;
  EXPECT_TRUE(found(both).empty());
  both.said.effects.locks.erase("i");
  EXPECT_EQ(found(both).size(), 1U);
}

// A REINDEX CONCURRENTLY: two waits for writers, one for snapshots, two for
// everybody.  Writers hold up all four, readers the last two.
TEST(Waits, OfTwoRunsAreMerged) {
  const HeldUp lock{false, {}}, snapshot{true, {}};
  const auto waits = merged_waits({lock, lock, snapshot, lock, lock}, {snapshot, lock, lock});
  ASSERT_EQ(waits.size(), 5U);
  EXPECT_EQ(waits[0].whom, WaitsFor::Writers);
  EXPECT_EQ(waits[1].whom, WaitsFor::Writers);
  EXPECT_EQ(waits[2].whom, WaitsFor::OldSnapshots);
  EXPECT_EQ(waits[3].whom, WaitsFor::WritersAndReaders);
  EXPECT_EQ(waits[4].whom, WaitsFor::WritersAndReaders);
}

TEST(Rules, ArePutIntoTermsOfAnObservation) {
  LocksAndWork rules;
  rules.phases.resize(2);
  rules.phases[0].locks = {{"t", LockMode::ShareLock}};
  rules.phases[0].work = {{WorkKind::Rewrite, "t", 2}, {WorkKind::IndexBuild, "t"}, {WorkKind::Scan, "t"}, {WorkKind::Scan, "u"}};
  rules.phases[1].locks = {{"t", LockMode::AccessShareLock}};
  rules.phases[1].wait = PhaseWait::LockHolders;
  const Prediction said = in_terms_of_observation(rules);
  EXPECT_EQ(said.effects.locks.at("t"), LockMode::ShareLock);
  EXPECT_EQ(said.effects.rewrites.at("t"), 3);
  EXPECT_TRUE(said.effects.index_builds.empty());
  EXPECT_EQ(said.effects.scans, std::set<std::string>{"u"});
  ASSERT_EQ(said.waits.size(), 1U);
  EXPECT_EQ(said.waits[0].whom, WaitsFor::Writers);
}

}  // namespace
}  // namespace midflight::live
