#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/strong_components.hpp>

#include "sim/graph/order.h"

namespace midflight::graph {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;

Graph to_graph(const Edges& edges) {
  Graph graph(edges.size());
  for (std::size_t from = 0; from < edges.size(); ++from) {
    for (const std::size_t to : edges[from]) boost::add_edge(from, to, graph);
  }
  return graph;
}

bool points_to(const Edges& edges, std::size_t from, std::size_t to) {
  return std::find(edges[from].begin(), edges[from].end(), to) != edges[from].end();
}

}  // namespace

std::vector<std::size_t> find_cycle(const Edges& edges) {
  if (edges.empty()) return {};
  std::vector<std::size_t> component(edges.size()), members(edges.size(), 0);
  boost::strong_components(to_graph(edges), component.data());
  for (const std::size_t c : component) ++members[c];
  for (std::size_t node = 0; node < edges.size(); ++node) {
    if (members[component[node]] > 1 || points_to(edges, node, node)) return cycle_through(edges, node);
  }
  return {};
}

std::vector<std::size_t> cycle_through(const Edges& edges, std::size_t node) {
  const std::size_t none = edges.size();
  std::vector<std::size_t> parent(edges.size(), none);
  const auto record = boost::record_predecessors(parent.data(), boost::on_tree_edge());
  boost::breadth_first_search(to_graph(edges), node, boost::visitor(boost::make_bfs_visitor(record)));
  std::vector<std::size_t> shortest;
  for (std::size_t last = 0; last < edges.size(); ++last) {
    const bool reached = last == node || parent[last] != none;
    if (!reached || !points_to(edges, last, node)) continue;
    std::vector<std::size_t> backwards{last};
    while (backwards.back() != node) backwards.push_back(parent[backwards.back()]);
    if (shortest.empty() || backwards.size() < shortest.size()) shortest.assign(backwards.rbegin(), backwards.rend());
  }
  return shortest;
}

}  // namespace midflight::graph
