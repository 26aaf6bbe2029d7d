#include "sim/graph/order.h"

#include <functional>
#include <queue>

namespace midflight::graph {

std::vector<std::size_t> topological_order(const Edges& edges) {
  std::vector<std::size_t> open(edges.size(), 0), order;
  for (const auto& targets : edges) {
    for (const std::size_t target : targets) ++open[target];
  }
  // By hand: Boost's topological_sort is depth-first and cannot take the smallest first.
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> next;
  for (std::size_t node = 0; node < edges.size(); ++node) {
    if (open[node] == 0) next.push(node);
  }
  while (!next.empty()) {
    const std::size_t node = next.top();
    next.pop();
    order.push_back(node);
    for (const std::size_t target : edges[node]) {
      if (--open[target] == 0) next.push(target);
    }
  }
  if (order.size() < edges.size()) order.clear();
  return order;
}

}  // namespace midflight::graph
