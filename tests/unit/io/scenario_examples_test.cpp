#include <gtest/gtest.h>

#include <filesystem>

#include "sim/io/scenario.h"
#include "sim/kernel/error.h"

namespace midflight::io {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> example_scenarios() {
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(std::string(MIDFLIGHT_SOURCE_DIR) + "/examples")) {
    if (entry.path().extension() == ".yaml") paths.push_back(entry.path().string());
  }
  return paths;
}

TEST(Examples, EveryScenarioIsRight) {
  const std::vector<std::string> paths = example_scenarios();
  ASSERT_GE(paths.size(), 8U);
  for (const std::string& path : paths) {
    try {
      const bool changes = fs::path(path).filename() != "application.yaml";
      const Scenario scenario = changes ? read_scenario(path) : read_application(path);
      EXPECT_FALSE(scenario.app.versions.empty()) << path;
      EXPECT_EQ(scenario.change || scenario.plan, changes) << path;
    } catch (const Error& error) {
      ADD_FAILURE() << path << ": " << error.what();
    }
  }
}

TEST(Examples, TheLargestHasABillionRowsAndFiveThousandRequestsPerSecond) {
  const Scenario scenario = read_scenario(std::string(MIDFLIGHT_SOURCE_DIR) + "/examples/backfill_large/scenario.yaml");
  double rate = 0;
  for (const Endpoint& endpoint : scenario.app.versions.front().endpoints) rate += endpoint.rate_per_second;
  EXPECT_DOUBLE_EQ(rate, 5000);
  EXPECT_EQ(scenario.schema.tables.front().rows, 1'000'000'000);
  EXPECT_EQ(scenario.migration.soak, Duration::days(2));
}

}  // namespace
}  // namespace midflight::io
