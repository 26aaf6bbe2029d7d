#include "sim/model/demand.h"

#include <gtest/gtest.h>

#include "tests/support/scenarios.h"

namespace midflight::testing {
namespace {

using Sentences = std::vector<std::string>;

Scenario asking(const std::string& database, const std::string& pool, const std::string& rate, const std::string& sql) {
  return scenario("name: demand\ndatabase: {" + database + "}\nschema: \"CREATE TABLE t (id bigint PRIMARY KEY, x int)\"\n"
                  "tables: {t: {rows: 10, row_bytes: 50}}\napp:\n  instances: 2\n  pool: " + pool + "\n  versions:\n    v1:\n"
                  "      - {name: ask, rate: " + rate + "/s, time: 10ms, sql: \"" + sql + "\"}\nchange: ALTER TABLE t ADD COLUMN y int\n");
}

const std::string kRead = "SELECT x FROM t WHERE id = $1";
const std::string kWrite = "UPDATE t SET x = $1 WHERE id = $2";

TEST(Demand, WhatSufficesIsNotMentioned) {
  EXPECT_EQ(overloads(asking("engine: postgresql, cores: 4", "10", "390", kRead)), Sentences{});
  EXPECT_EQ(overloads(asking("engine: sqlite, cores: 4", "10", "99", kWrite)), Sentences{});
}

TEST(Demand, MoreThanTheProcessorsCanServe) {
  EXPECT_EQ(overloads(asking("engine: postgresql, cores: 4", "10", "420", kRead)),
            Sentences{"By its rates and times v1 needs 4.2 processors and the database has 4: it is overloaded, whatever is changed."});
}

TEST(Demand, SqliteWritesOneAtATime) {
  EXPECT_EQ(overloads(asking("engine: sqlite, cores: 4", "10", "120", kWrite)),
            Sentences{"By its rates and times v1 keeps 1.2 writers busy and SQLite lets one write at a time: it is overloaded, whatever is changed."});
  EXPECT_EQ(overloads(asking("engine: sqlite, cores: 4", "10", "120", kRead)), Sentences{});
}

TEST(Demand, MoreThanThePoolsHaveConnectionsFor) {
  EXPECT_EQ(overloads(asking("engine: postgresql, cores: unlimited", "3", "700", kRead)),
            Sentences{"By its rates and times v1 needs 7 connections and its pools have 6: it is overloaded, whatever is changed."});
}

TEST(Demand, IsAmongTheAssumptionsOfAScenario) {
  const Scenario s = asking("engine: postgresql, cores: 4", "10", "420", kRead);
  EXPECT_EQ(s.assumptions.back(), overloads(s).front());
}

}  // namespace
}  // namespace midflight::testing
