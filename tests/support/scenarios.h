#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/io/scenario.h"
#include "sim/run/comparison.h"

/// Scenarios and runs in few words, so that a test says only what matters to it.
namespace midflight::testing {

/// A scenario from YAML text.  `overrides` as in io::read_scenario().
inline Scenario scenario(std::string_view yaml, const io::ScenarioOverrides& overrides = {}) {
  return io::parse_scenario(yaml, "test.yaml", ".", overrides);
}

/// A cost profile without dice: what is not zero is what a test's sum is about.
inline cost::Profile plain_profile() {
  cost::Profile profile;
  profile.name = "plain";
  profile.herd_s = 0;
  profile.spread = 0;
  return profile;
}

inline RunOptions options(int runs, bool exact, std::uint64_t seed = 1) {
  RunOptions o;
  o.runs = runs;
  o.exact = exact;
  o.seed = seed;
  return o;
}

/// Runs the explicit plan, or a named strategy.
inline Prediction run(const Scenario& s, const RunOptions& o, std::string_view strategy = "plan") {
  return predict(s, s.plan && strategy == "plan" ? strategy::explicit_plan(s) : strategy::propose(s, strategy), o);
}

template <typename Of>
double mean(const Prediction& p, Of of) {
  double sum = 0;
  for (const Measurement& m : p.runs) sum += static_cast<double>(of(m));
  return sum / static_cast<double>(p.runs.size());
}

/// The index of a step by its id.
inline std::size_t step_index(const Prediction& p, std::string_view id) {
  const std::vector<Step>& steps = p.proposal.plan.steps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].id == id) return i;
  }
  MIDFLIGHT_CHECK(false);
  return 0;
}

inline const StepMeasurement& step(const Prediction& p, const Measurement& m, std::string_view id) {
  return m.steps[step_index(p, id)];
}

/// Failures of a class, over all versions and endpoints.
inline std::int64_t failures(const Measurement& m, ErrorClass error) {
  std::int64_t n = 0;
  for (const ErrorCount& e : m.errors) n += e.kind.error == error ? e.count : 0;
  return n;
}

}  // namespace midflight::testing
