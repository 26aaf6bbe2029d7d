#pragma once

#include <memory>
#include <string>
#include <vector>

#include "backends/open.h"
#include "backends/plan_run.h"
#include "tests/support/pgbench.h"

namespace midflight::testing {

/// Reads of one row by key: the same traffic from our load generator and from pgbench.
///
/// Owns: a scratch database on the server, filled, for both.
class ReadTraffic {
 public:
  static constexpr int kRows = 100'000;

  ReadTraffic(const PrivateServer& server, double per_second, int connections);

  /// `seconds` of it by our generator, by arrival; before that, at negative
  /// times, half a second in which connections are opened.
  std::vector<backends::RequestRecord> ours(int seconds);
  /// The same statement and rate in pgbench's words.
  PgbenchRun theirs(int seconds) const;
  /// While one of its calls runs the lock sampler looks at the server.
  std::unique_ptr<backends::Session> step() { return backend_->open("step", backends::Role::Step); }
  /// The scratch database.
  std::string database();

 private:
  Scenario scenario_;
  std::unique_ptr<backends::Backend> backend_;
};

/// Seconds from the intended arrival to the answer, of those that arrived since 0.
std::vector<double> latencies(const std::vector<backends::RequestRecord>& requests);

/// Answers per second, from 0 to the last one.
double throughput(const std::vector<backends::RequestRecord>& requests);

}  // namespace midflight::testing
