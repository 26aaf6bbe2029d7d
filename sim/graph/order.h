#pragma once

#include <cstddef>
#include <vector>

namespace midflight::graph {

/// A directed graph over 0 .. size-1: for each node the nodes it points to.
using Edges = std::vector<std::vector<std::size_t>>;

/// An order in which every edge points forward, smallest number first among
/// those that could come next.  Empty if the graph has a cycle (and is not empty).
std::vector<std::size_t> topological_order(const Edges& edges);

/// The nodes of one cycle in order, or nothing if there is none.
std::vector<std::size_t> find_cycle(const Edges& edges);

/// The nodes of a cycle through `node`, beginning with it, or nothing.
std::vector<std::size_t> cycle_through(const Edges& edges, std::size_t node);

/// The longest path by weight of its nodes.  Requires: no cycle; one weight a node.
std::vector<std::size_t> critical_path(const Edges& edges, const std::vector<double>& weights);

}  // namespace midflight::graph
