#include "sim/run/critical_steps.h"

#include <algorithm>

#include "sim/graph/order.h"

namespace midflight {

namespace {

graph::Edges edges_of(const std::vector<Step>& steps) {
  graph::Edges edges(steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (const std::size_t earlier : steps[i].after) edges[earlier].push_back(i);
  }
  return edges;
}

/// Does each step wait for the one before it?
bool is_chain(const graph::Edges& edges) {
  const std::vector<std::size_t> order = graph::topological_order(edges);
  const auto gap = std::adjacent_find(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::find(edges[a].begin(), edges[a].end(), b) == edges[a].end();
  });
  return gap == order.end();
}

double mean_length(const std::vector<Measurement>& runs, std::size_t step) {
  double sum = 0;
  for (const Measurement& m : runs) sum += (m.steps[step].end - m.steps[step].start).seconds();
  return sum / static_cast<double>(runs.size());
}

}  // namespace

std::vector<std::size_t> critical_steps(const Prediction& prediction) {
  const std::vector<Measurement>& runs = prediction.runs;
  const graph::Edges edges = edges_of(prediction.proposal.plan.steps);
  const bool ended = std::all_of(runs.begin(), runs.end(), [](const Measurement& m) { return m.completed; });
  if (runs.empty() || !ended || is_chain(edges)) return {};
  std::vector<double> lengths;
  for (std::size_t i = 0; i < edges.size(); ++i) lengths.push_back(mean_length(runs, i));
  return graph::critical_path(edges, lengths);
}

}  // namespace midflight
