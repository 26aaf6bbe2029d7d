#include <chrono>

#include "sim/io/scenario.h"
#include "sim/run/comparison.h"
#include "tests/bench/convoy.h"

namespace midflight::bench {

namespace {

constexpr const char* kScenario = R"yaml(
name: convoy
database: {engine: postgresql, version: 15, connections: 1000, cores: unlimited}
schema: "CREATE TABLE t (id bigint PRIMARY KEY, a text)"
tables: {t: {rows: 1000000, row_bytes: 100}}
app:
  instances: 1
  pool: 100
  pool_timeout: 1h
  request_timeout: 1h
  rollout: {kind: rolling, startup: 1s, drain: 1s}
  versions:
    v1:
      - {name: read, rate: 10000/s, time: exponential(2ms), sql: "SELECT a FROM t WHERE id = $1"}
background:
  - {name: reader, at: 20s, time: 5s, sql: "SELECT count(*) FROM t"}
plan:
  - {wait: 21s}
  - {id: alter, sql: ALTER TABLE t ADD COLUMN b text}
  - {wait: 248950ms}
objective: {latency: 1s, errors: 1%}
)yaml";

}  // namespace

ConvoyResult engine_convoy(std::uint64_t seed) {
  static const Scenario scenario = io::parse_scenario(kScenario, "convoy.yaml", ".");
  static const strategy::Proposal proposal = strategy::explicit_plan(scenario);
  RunOptions options;
  options.seed = seed;
  options.exact = true;
  cost::Profile profile;
  profile.metadata_s = Convoy::kAlterFor;
  profile.commit_s = 0;
  profile.spread = 0;
  options.profile = profile;
  const auto began = std::chrono::steady_clock::now();
  const Measurement m = simulate_run(scenario, proposal, options, 0, false);
  ConvoyResult result;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  // The engine also runs half a minute of traffic before time 0, which it does not report.
  result.requests = m.requests + static_cast<std::int64_t>(30 * Convoy::kRate);
  result.delayed = m.delayed_requests;
  return result;
}

}  // namespace midflight::bench
