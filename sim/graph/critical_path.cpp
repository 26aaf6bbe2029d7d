#include <algorithm>

#include "sim/graph/order.h"

namespace midflight::graph {

std::vector<std::size_t> critical_path(const Edges& edges, const std::vector<double>& weights) {
  const std::size_t none = edges.size();
  std::vector<std::size_t> before(edges.size(), none);
  std::vector<double> length = weights;  // of the longest path that ends at the node
  const std::vector<std::size_t> order = topological_order(edges);
  for (const std::size_t node : order) {
    for (const std::size_t target : edges[node]) {
      const double with_node = length[node] + weights[target];
      if (with_node <= length[target]) continue;
      length[target] = with_node;
      before[target] = node;
    }
  }
  std::vector<std::size_t> path;
  if (order.empty()) return path;
  const auto end = std::max_element(length.begin(), length.end());
  for (auto node = static_cast<std::size_t>(end - length.begin()); node != none; node = before[node]) path.push_back(node);
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace midflight::graph
