#include <gtest/gtest.h>

#include "tests/tidy/documents.h"

namespace midflight::tidy {
namespace {

Tree this_tree() { return read_tree(MIDFLIGHT_SOURCE_DIR); }

TEST(Readmes, AreInEveryRoomAndExampleOfThisTree) { EXPECT_EQ(folders_without_readme(this_tree()), Findings{}); }
TEST(Readmes, OfEveryRoomOfThisTreeSayTheirLimits) { EXPECT_EQ(rooms_without_limits(this_tree()), Findings{}); }
TEST(Links, LeadSomewhereInThisTree) { EXPECT_EQ(dead_links(this_tree()), Findings{}); }
TEST(Strategies, HaveARowInThisReadme) { EXPECT_EQ(strategies_without_row(this_tree()), Findings{}); }
TEST(Strategies, HaveAFileInThisTree) { EXPECT_EQ(strategies_without_file(this_tree()), Findings{}); }

TEST(Notebooks, OfThisTreeAreStoredWithoutOutput) { EXPECT_EQ(notebooks_with_output(this_tree()), Findings{}); }

TEST(Notebooks, OneWithOutputIsFound) {
  const std::string clean = R"({"execution_count": null, "outputs": [ ]})", run = R"({"execution_count": 3, "outputs": []})";
  const std::string printed = "{\"outputs\": [\n {\"text\": 1}]}";
  EXPECT_EQ(notebooks_with_output({{"n/a.ipynb", clean}, {"n/a.md", run}}), Findings{});
  EXPECT_EQ(notebooks_with_output({{"n/a.ipynb", run}, {"n/b.ipynb", printed}}).size(), 2U);
}

TEST(Readmes, MissingOneIsFound) {
  EXPECT_EQ(folders_without_readme({{"sim/locks/queue.h", ""}}), Findings{"sim/locks has no README.md"});
  EXPECT_EQ(folders_without_readme({{"sim/locks/queue.h", ""}, {"sim/locks/README.md", ""}}), Findings{});
  EXPECT_EQ(folders_without_readme({{"examples/README.md", ""}, {"examples/a/scenario.yaml", ""}}),
            Findings{"examples/a has no README.md"});
}

TEST(Readmes, FoldersBelowARoomNeedNone) {
  EXPECT_EQ(folders_without_readme({{"backends/README.md", ""}, {"backends/fake/fake.h", ""}}), Findings{});
}

TEST(Readmes, RoomWithoutLimitsIsFound) {
  EXPECT_EQ(rooms_without_limits({{"sim/locks/README.md", "# locks\n"}}).size(), 2U);
  EXPECT_EQ(rooms_without_limits({{"sim/locks/README.md", "## Scope and limitations\n## Validation\n"}}), Findings{});
}

TEST(Links, DeadOneIsFound) {
  EXPECT_EQ(dead_links({{"cli/README.md", "see [there](../gone.md)"}}), Findings{"cli/README.md: ../gone.md leads nowhere"});
}

TEST(Links, FilesFoldersAnchorsAndTheWebAreFine) {
  const std::string page = "[a](../README.md#top) [b](#here) [c](https://example.org/x) [d](../sim) [e](../sim/run/)";
  EXPECT_EQ(dead_links({{"README.md", ""}, {"cli/README.md", page}, {"sim/run/world.h", ""}}), Findings{});
}

TEST(Links, CodeIsNotFollowed) {
  EXPECT_EQ(dead_links({{"README.md", "`f[i](x)` and\n```\na[0](y)\n```\n"}}), Findings{});
}

TEST(Strategies, OneWithoutARowIsFound) {
  const std::string list = "  {\"naive\", \"as it stands\", naive, any},\n  {\"batched\", \"in ranges\", batched, update},\n";
  const Tree tree = {{"sim/strategy/list.cpp", list}, {"README.md", "| `naive` | any | naive rows |\n"}};
  EXPECT_EQ(strategies_without_row(tree), Findings{"README.md has no row for the strategy batched"});
}

TEST(Strategies, ListThatCannotBeReadIsFound) {
  EXPECT_EQ(strategies_without_row({{"sim/strategy/list.cpp", ""}}), Findings{"sim/strategy/list.cpp names no strategy"});
}

TEST(Strategies, OneWithoutAFileIsFound) {
  EXPECT_EQ(strategies_without_file({{"sim/strategy/list.cpp", "{\"naive\", \"as it stands\","}}),
            Findings{"the strategy naive has no sim/strategy/naive.cpp"});
}

}  // namespace
}  // namespace midflight::tidy
