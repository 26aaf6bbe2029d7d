#include "backends/calibration.h"

#include <gtest/gtest.h>

#include "backends/open.h"
#include "tests/unit/backends/builders.h"

namespace midflight::backends {
namespace {

TEST(Calibration, MeasuresEveryEndpointAndLeavesTheTablesAsTheyWere) {
  Small small;
  small.scenario.schema.tables[0].rows = 50'000;
  const auto backend = open("sqlite:", {});
  backend->prepare(small.scenario.schema);
  const Catalogue catalogue(small.scenario.schema, small.proposal.plan, {});
  const ClientApplication application(small.proposal.versions, catalogue, backend->dialect());
  const char* state = "SELECT count(*), group_concat(DISTINCT name IS NULL), (SELECT count(*) FROM sqlite_schema) FROM users";
  const auto before = backend->open("a")->query(state);
  const Clock::time_point begin = Clock::now();
  const Calibration calibration = calibrate(*backend, application, catalogue, small.scenario.database);
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(4));
  EXPECT_EQ(backend->open("a")->query(state), before);
  ASSERT_EQ(calibration.service.size(), 2U);
  for (const auto& [endpoint, time] : calibration.service) {
    EXPECT_GT(time.a, 1e-6) << endpoint;   // a statement takes more than a microsecond ...
    EXPECT_LT(time.a, 20e-3) << endpoint;  // ... and by key less than 20 ms
  }
  const cost::Profile& p = calibration.profile;
  EXPECT_EQ(p.name, "measured");
  for (const double rate : {p.scan_rows_per_s, p.rewrite_rows_per_s, p.index_rows_per_s, p.update_rows_per_s, p.batch_rows_per_s}) {
    EXPECT_GT(rate, 1e4);
    EXPECT_LT(rate, 1e9);
  }
}

// Rows 1 to 50 are in the partition into which new ones go.
TEST(Calibration, InsertsWhatNoRowHasAndNamesWhatItCouldNotMeasure) {
  Schema schema = sql::schema_from_sql(
      "CREATE TABLE users (id bigint PRIMARY KEY, name text) PARTITION BY RANGE (id);"
      "CREATE TABLE u1 PARTITION OF users FOR VALUES FROM (1) TO (1000);");
  schema.table("u1")->rows = 50;
  Small small;
  small.proposal.versions[0].endpoints = {endpoint("join", 1, {"INSERT INTO users (id, name) VALUES ($1, $2)"}),
                                          endpoint("find", 1, {"SELECT gone FROM users WHERE id = $1"})};
  const Catalogue catalogue(schema, {}, {});
  small.scenario.schema.tables[0].rows = 50;
  const auto backend = open("sqlite:", {});
  backend->prepare(small.scenario.schema);
  const ClientApplication application(small.proposal.versions, catalogue, backend->dialect());
  const Calibration calibration = calibrate(*backend, application, catalogue, small.scenario.database, cost::default_profile(backend->dialect()));
  EXPECT_TRUE(calibration.service.contains("join"));
  EXPECT_EQ(calibration.unmeasured, std::vector<std::string>{"find"});
  EXPECT_EQ(measured_sentence(calibration),
            "Service times were measured before the load began, but not those of find, which are as the scenario has them.");
}

}  // namespace
}  // namespace midflight::backends
