#include "sim/graph/order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace midflight::graph {
namespace {

using Nodes = std::vector<std::size_t>;

TEST(TopologicalOrder, TakesTheSmallestThatCouldComeNext) {
  // 3 -> 0, 2 -> 1: without edges between the pairs, 2 comes before 3, and 1 before 3.
  EXPECT_EQ(topological_order({{}, {}, {1}, {0}}), (Nodes{2, 1, 3, 0}));
  EXPECT_EQ(topological_order({}), Nodes{});
  EXPECT_EQ(topological_order({{1}, {}}), (Nodes{0, 1}));
}

TEST(TopologicalOrder, ACycleHasNone) {
  EXPECT_TRUE(topological_order({{1}, {2}, {1}}).empty());
  EXPECT_TRUE(topological_order({{0}}).empty());
}

TEST(Cycle, IsFoundInOrder) {
  EXPECT_EQ(find_cycle({{1}, {2}, {3}, {1}}), (Nodes{1, 2, 3}));
  EXPECT_EQ(find_cycle({{}, {1}}), (Nodes{1}));
  EXPECT_TRUE(find_cycle({{1, 2}, {2}, {}}).empty());
  EXPECT_TRUE(find_cycle({}).empty());
}

TEST(Cycle, ThroughANodeIsTheShortestOne) {
  const Edges edges = {{1, 2}, {0}, {3}, {0}, {0}};
  EXPECT_EQ(cycle_through(edges, 0), (Nodes{0, 1}));
  EXPECT_EQ(cycle_through(edges, 3), (Nodes{3, 0, 2}));
  EXPECT_TRUE(cycle_through(edges, 4).empty());
}

TEST(CriticalPath, IsTheHeaviest) {
  // 0 -> 1 -> 3 weighs 1 + 5 + 1, 0 -> 2 -> 3 weighs 1 + 2 + 1.
  EXPECT_EQ(critical_path({{1, 2}, {3}, {3}, {}}, {1, 5, 2, 1}), (Nodes{0, 1, 3}));
  EXPECT_EQ(critical_path({{1}, {}, {}}, {1, 1, 5}), (Nodes{2}));
  EXPECT_TRUE(critical_path({}, {}).empty());
}

Edges random_graph(std::mt19937& random, std::size_t nodes, int edges) {
  Edges graph(nodes);
  for (int i = 0; i < edges; ++i) graph[random() % nodes].push_back(random() % nodes);
  return graph;
}

TEST(RandomGraphs, HaveEitherAnOrderOrACycleAndBothAreRight) {
  std::mt19937 random(1);
  int ordered = 0, cyclic = 0;
  for (int round = 0; round < 500; ++round) {
    const Edges edges = random_graph(random, 8, 6);
    const Nodes order = topological_order(edges), cycle = find_cycle(edges);
    ASSERT_NE(order.empty(), cycle.empty());
    for (std::size_t i = 0; i < cycle.size(); ++i) {
      const auto& targets = edges[cycle[i]];
      ASSERT_TRUE(std::count(targets.begin(), targets.end(), cycle[(i + 1) % cycle.size()]));
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (const std::size_t to : edges[order[i]]) {
        ASSERT_GT(std::find(order.begin(), order.end(), to) - order.begin(), static_cast<std::ptrdiff_t>(i));
      }
    }
    ++(order.empty() ? cyclic : ordered);
  }
  EXPECT_GT(ordered, 50);
  EXPECT_GT(cyclic, 50);
}

}  // namespace
}  // namespace midflight::graph
