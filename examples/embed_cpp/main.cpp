// Predicts two strategies of a scenario with the library and prints what a team
// would want to know before it chooses.

#include <cstdio>
#include <exception>
#include <string>

#include "sim/io/result.h"
#include "sim/io/scenario.h"
#include "sim/run/comparison.h"
#include "sim/strategy/strategy.h"

namespace {

void print(const midflight::io::StrategyResult& strategy) {
  std::printf("%s: %s, down %.1f s, %.0f failed requests, done after %.0f s (p95)\n", strategy.name.c_str(),
              std::string(midflight::verdict_name(strategy.verdict)).c_str(), strategy.quantity("downtime_s")->p95,
              strategy.quantity("failed_requests")->p95, strategy.quantity("total_time_s")->p95);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: embed_cpp SCENARIO\n"), 2;
  try {
    const midflight::Scenario scenario = midflight::io::read_scenario(argv[1]);
    midflight::RunOptions options;
    options.runs = 50;
    for (const char* name : {"naive", "expand_contract"}) {
      const auto proposal = midflight::strategy::propose(scenario, name);
      print(midflight::io::summarize(midflight::predict(scenario, proposal, options)));
    }
  } catch (const std::exception& error) {
    return std::fprintf(stderr, "embed_cpp: %s\n", error.what()), 2;
  }
}
