#include <cstdlib>
#include <iostream>
#include <map>

#include <gtest/gtest.h>

#include "sim/metrics/summary.h"
#include "tests/property/two_modes_cases.h"
#include "tests/support/scenarios.h"
#include "tests/support/statistics.h"

// A request whose fate is certain is not simulated.  Here both ways of running
// a scenario, every request and only those in doubt, are drawn independently
// and must agree in the distribution of everything that is reported.

namespace midflight::testing {
namespace {

/// Every number a run reports, by name.
using Numbers = std::map<std::string, double>;

Numbers numbers(const Prediction& p, const Measurement& m) {
  Numbers n;
  for (const metrics::Quantity& q : metrics::quantities()) n[std::string(q.name)] = q.of(m);
  n["completed"] = m.completed;
  n["overloaded"] = m.overloaded;
  n["endless"] = m.endless;
  for (std::size_t s = 0; s < m.steps.size(); ++s) {
    const std::string id = "step " + p.proposal.plan.steps[s].id;
    n[id + " start"] = m.steps[s].start.seconds();
    n[id + " takes"] = (m.steps[s].end - m.steps[s].start).seconds();
    n[id + " lock_wait"] = m.steps[s].lock_wait.seconds();
    n[id + " held"] = m.steps[s].held.seconds();
    n[id + " tries"] = static_cast<double>(m.steps[s].tries);
    n[id + " blocked"] = static_cast<double>(m.steps[s].blocked_requests);
  }
  for (const EndpointMeasurement& e : m.endpoints) {
    const std::string id = "endpoint " + e.version + " " + e.endpoint;
    n[id + " downtime"] = e.downtime.seconds();
    n[id + " requests"] = static_cast<double>(e.requests);
    n[id + " failed"] = static_cast<double>(e.failed);
    n[id + " delayed"] = static_cast<double>(e.delayed);
  }
  for (const ErrorCount& e : m.errors) {
    n["error " + e.version + " " + e.endpoint + " " + e.kind.message] = static_cast<double>(e.count);
  }
  return n;
}

/// Columns of numbers by name; what a run does not mention is 0.
std::map<std::string, std::vector<double>> columns(const Prediction& p) {
  std::map<std::string, std::vector<double>> all;
  for (std::size_t run = 0; run < p.runs.size(); ++run) {
    for (const auto& [name, value] : numbers(p, p.runs[run])) {
      all[name].resize(p.runs.size());
      all[name][run] = value;
    }
  }
  return all;
}

bool constant(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [&](double v) { return v == values.front(); });
}

std::vector<Point> downtime_and_failures(const Prediction& p) {
  std::vector<Point> points;
  for (const Measurement& m : p.runs) points.emplace_back(m.downtime.seconds(), static_cast<double>(m.failed_requests));
  return points;
}

int runs_wanted() {
  const char* more = std::getenv("MIDFLIGHT_PROPERTY_RUNS");
  return more != nullptr ? std::atoi(more) : 500;
}

double average(const std::vector<double>& values) {
  if (values.empty()) return 0;
  double sum = 0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

class TwoModes : public ::testing::TestWithParam<ModeCase> {
 protected:
  Prediction in_mode(bool exact) const {
    RunOptions o = options(runs_wanted(), exact, exact ? 1001 : 2002);
    return run(scenario(GetParam().yaml), with_profile(o), GetParam().strategy);
  }
  /// With one seed both modes meet the same dice, so a run in which nothing was
  /// counted is the same in both.
  bool counts_something() const {
    const Scenario s = scenario(GetParam().yaml);
    const Prediction exact = run(s, with_profile(options(8, true)), GetParam().strategy);
    const Prediction quiet = run(s, with_profile(options(8, false)), GetParam().strategy);
    bool differs = false;
    for (std::size_t i = 0; i < exact.runs.size(); ++i) differs |= exact.runs[i].fingerprint != quiet.runs[i].fingerprint;
    return differs;
  }
  static RunOptions with_profile(RunOptions o) {
    if (GetParam().batch_s == 0) return o;
    o.profile = cost::Profile{};
    o.profile->batch_s = GetParam().batch_s;
    return o;
  }
};

TEST_P(TwoModes, AgreeInTheDistributionOfEveryNumber) {
  const Prediction exact = in_mode(true), quiet = in_mode(false);
  auto of_exact = columns(exact), of_quiet = columns(quiet);
  const std::vector<double> nothing(exact.runs.size());
  for (const auto& [name, values] : of_exact) of_quiet.try_emplace(name, nothing);
  for (const auto& [name, values] : of_quiet) of_exact.try_emplace(name, nothing);

  std::vector<Tested> tested;
  for (const auto& [name, values] : of_exact) {
    if (constant(values) && constant(of_quiet[name])) {
      EXPECT_EQ(values.front(), of_quiet[name].front()) << name;
    } else {
      tested.push_back({name, ks_p_value(values, of_quiet[name])});
    }
  }
  const JointTest joint(downtime_and_failures(exact), downtime_and_failures(quiet));
  tested.push_back({"downtime_s and failed_requests together", joint.p_value(7)});

  if (std::getenv("MIDFLIGHT_PROPERTY_TELL") != nullptr) {
    for (const Tested& t : tested) {
      std::cout << t.p << "  " << t.what << ": " << average(of_exact[t.what]) << " exact, " << average(of_quiet[t.what])
                << " quiet\n";
    }
  }
  for (const Tested& t : holm_rejects(tested, 0.001)) {
    ADD_FAILURE() << t.what << ": p = " << t.p << ", mean " << average(of_exact[t.what]) << " exact, "
                  << average(of_quiet[t.what]) << " quiet";
  }
}

TEST_P(TwoModes, DoNotSimulateTheSameRequests) { EXPECT_EQ(counts_something(), GetParam().counts); }

INSTANTIATE_TEST_SUITE_P(Scenarios, TwoModes, ::testing::ValuesIn(mode_cases()),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace midflight::testing
