#include <gtest/gtest.h>

#include "tests/tidy/includes.h"

namespace midflight::tidy {
namespace {

TEST(Arrows, PointLeftInThisTree) { EXPECT_EQ(wrong_arrows(read_tree(MIDFLIGHT_SOURCE_DIR)), Findings{}); }
TEST(Packages, StayWithTheirOwnersInThisTree) {
  EXPECT_EQ(strayed_packages(read_tree(MIDFLIGHT_SOURCE_DIR)), Findings{});
}
TEST(Headers, AreThereInThisTree) { EXPECT_EQ(missing_headers(read_tree(MIDFLIGHT_SOURCE_DIR)), Findings{}); }

TEST(ThisTree, HasEveryRoomThatIsChecked) {
  const Tree tree = read_tree(MIDFLIGHT_SOURCE_DIR);
  for (const char* path : {"sim/kernel/time.h", "sim/run/world.cpp", "backends/replay.h", "cli/main.cpp"}) {
    ASSERT_EQ(tree.count(path), 1U) << path;
    EXPECT_FALSE(tree.at(path).empty()) << path;
  }
}

Findings arrows_of(const std::string& path, const std::string& text) { return wrong_arrows({{path, text}}); }

TEST(Arrows, RoomOnTheRightIsFound) {
  const Findings findings = arrows_of("sim/model/plan.h", "#pragma once\n#include \"sim/run/world.h\"\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0], "sim/model/plan.h:2: sim/model must not use sim/run (sim/run/world.h)");
}

TEST(Arrows, RoomsThatStandTogetherDoNotUseEachOther) {
  EXPECT_EQ(arrows_of("sim/locks/a.cpp", "#include \"sim/fleet/fleet.h\"").size(), 1U);
  EXPECT_EQ(arrows_of("sim/kernel/a.h", "#include \"sim/graph/order.h\"").size(), 1U);
  EXPECT_EQ(arrows_of("sim/io/a.cpp", "#include \"backends/backend.h\"").size(), 1U);
}

TEST(Arrows, PredictorNeverSeesBackends) {
  EXPECT_EQ(arrows_of("sim/run/a.cpp", "#include \"backends/replay.h\"").size(), 1U);
}

TEST(Arrows, ProductNeverIncludesTests) {
  EXPECT_EQ(arrows_of("cli/a.cpp", "#include \"tests/support/builder.h\"").size(), 1U);
}

TEST(Arrows, FolderOutsideTheOrderIsFound) {
  EXPECT_EQ(arrows_of("sim/junk/a.cpp", "#include \"sim/kernel/time.h\"").size(), 1U);
}

TEST(Arrows, SpacesDoNotHideAnInclude) {
  EXPECT_EQ(arrows_of("sim/kernel/a.h", "  #  include  \"sim/model/plan.h\"").size(), 1U);
}

TEST(Arrows, LeftOwnRoomAndGeneratedHeadersAreFine) {
  EXPECT_EQ(arrows_of("sim/fleet/a.cpp", "#include \"sim/conduct/pool.h\"\n#include \"sim/fleet/fleet.h\"\n"), Findings{});
  EXPECT_EQ(arrows_of("cli/a.cpp", "#include \"backends/replay.h\"\n#include \"midflight_version.h\"\n"), Findings{});
  EXPECT_EQ(arrows_of("tests/unit/a.cpp", "#include \"cli/options.h\""), Findings{});
}

TEST(Packages, ForeignPackageIsFound) {
  const Findings findings = strayed_packages({{"sim/run/a.cpp", "#include <boost/graph/x.hpp>"}});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0], "sim/run/a.cpp:1: boost/graph/x.hpp belongs to sim/graph");
  EXPECT_EQ(strayed_packages({{"backends/fake/a.cpp", "#include <sqlite3.h>"}}).size(), 1U);
  EXPECT_EQ(strayed_packages({{"cli/a.cpp", "#include <nlohmann/json.hpp>"}}).size(), 1U);
}

TEST(Packages, FmtIsForSourcesAlone) {
  EXPECT_EQ(strayed_packages({{"cli/a.cpp", "#include <fmt/core.h>"}}), Findings{});
  EXPECT_EQ(strayed_packages({{"cli/a.h", "#include <fmt/core.h>"}}).size(), 1U);
}

TEST(Packages, PackageWithoutOwnerIsFound) {
  EXPECT_EQ(strayed_packages({{"sim/io/a.cpp", "#include <absl/strings/str_cat.h>"}}).size(), 1U);
  EXPECT_EQ(strayed_packages({{"sim/io/a.cpp", "#include <zlib.h>"}}).size(), 1U);
  EXPECT_EQ(strayed_packages({{"sim/io/a.cpp", "#include <vector>\n#include <sys/stat.h>\n#include <unistd.h>\n"}}), Findings{});
}

TEST(Packages, TestsMayUseAny) {
  EXPECT_EQ(strayed_packages({{"tests/unit/sql/a.cpp", "#include <sqlite3.h>"}}), Findings{});
}

TEST(Headers, MissingOneIsFound) {
  EXPECT_EQ(missing_headers({{"cli/a.cpp", "#include \"cli/gone.h\""}}), Findings{"cli/a.cpp:1: there is no cli/gone.h"});
  EXPECT_EQ(missing_headers({{"cli/a.cpp", "#include \"cli/here.h\""}, {"cli/here.h", ""}}), Findings{});
}

}  // namespace
}  // namespace midflight::tidy
