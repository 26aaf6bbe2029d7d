#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "sim/io/scenario.h"
#include "sim/run/comparison.h"
#include "tests/bench/convoy.h"
#include "tests/support/quantile.h"

// What script/bench prints: the engine against the limit, counting against
// simulating, and the times of the two comparisons that users wait for.

namespace {

using namespace midflight;
using testing::median;

double seconds_of(const auto& work) {
  const auto began = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

void convoy() {
  constexpr int kPairs = 7;
  std::vector<double> engine, bare, ratio;
  bench::ConvoyResult e, b;
  for (int i = 0; i < kPairs; ++i) {
    e = bench::engine_convoy(static_cast<std::uint64_t>(i) + 1);
    b = bench::bare_convoy(static_cast<std::uint64_t>(i) + 1);
    engine.push_back(e.per_second() / 1e6);
    bare.push_back(b.per_second() / 1e6);
    ratio.push_back(e.per_second() / b.per_second());
  }
  std::printf("convoy, request by request, one core (medians of %d pairs)\n", kPairs);
  std::printf("  engine     %6.2f million requests/s   (%lld delayed)\n", median(engine), static_cast<long long>(e.delayed));
  std::printf("  bare loop  %6.2f million requests/s   (%lld delayed)\n", median(bare), static_cast<long long>(b.delayed));
  std::printf("  ratio      %6.0f %%\n", 100 * median(ratio));
}

void quiet_spans(const Scenario& scenario) {
  const strategy::Proposal proposal = strategy::propose(scenario, "expand_contract");
  RunOptions options;
  std::vector<double> counted;
  for (std::uint64_t run = 0; run < 21; ++run) {
    counted.push_back(seconds_of([&] { simulate_run(scenario, proposal, options, run, false); }));
  }
  options.exact = true;
  const double exact = seconds_of([&] { simulate_run(scenario, proposal, options, 0, false); });
  std::printf("quiet spans, expand_contract of the rename example, one run\n");
  std::printf("  counted    %9.2f ms\n  simulated  %9.2f ms\n  speed-up   %9.0f times\n", 1e3 * median(counted), 1e3 * exact,
              exact / median(counted));
}

void comparison(const Scenario& scenario) {
  std::vector<double> all;
  for (int i = 0; i < 5; ++i) all.push_back(seconds_of([&] { compare(scenario, RunOptions{}); }));
  std::printf("compare, rename example: 4 strategies, 200 runs, 3 million rows, all cores\n  %9.3f s\n", median(all));
}

void billion_rows(const Scenario& scenario) {
  const strategy::Proposal proposal = strategy::propose(scenario, "expand_contract");
  std::vector<double> all;
  for (std::uint64_t run = 0; run < 9; ++run) {
    all.push_back(seconds_of([&] { simulate_run(scenario, proposal, RunOptions{}, run, false); }));
  }
  std::printf("expand_contract of a billion rows under 5,000 requests/s, one run\n  %9.3f s\n", median(all));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string examples = argc > 1 ? argv[1] : "examples";
  const Scenario rename = io::read_scenario(examples + "/rename_column/scenario.yaml");
  convoy();
  quiet_spans(rename);
  comparison(rename);
  billion_rows(io::read_scenario(examples + "/backfill_large/scenario.yaml"));
}
