#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <thread>

#include "backends/replay.h"
#include "sim/io/scenario.h"
#include "sim/sql/parse.h"
#include "tests/support/pgbench_load.h"
#include "tests/support/quantile.h"

// What script/bench prints of the load generator: pgbench on the same server
// with the same statement and connections, in many short turns that alternate,
// so that whatever else the machine does concerns both alike.

namespace {

using namespace midflight;
using testing::median;

constexpr int kSeconds = 2, kConnections = 16, kTurns = 10, kStretches = 150;
constexpr double kStretchSeconds = 0.25;
constexpr double kOfferedShare = 1.15;  // of what pgbench is served, so that connections never wait for requests
constexpr double kCalm = 500;
constexpr std::int64_t kFilledRows = 1'000'000;

/// Pairs of measurements of the same thing done in two ways.
struct Pairs {
  std::vector<double> one, other;

  /// Geometric mean of one / other over the pairs, and twice the deviation of that mean.
  std::pair<double, double> ratio() const {
    double sum = 0, squares = 0;
    const auto n = static_cast<double>(one.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
      const double log = std::log(one[i] / other[i]);
      sum += log;
      squares += log * log;
    }
    return {std::exp(sum / n), 2 * std::sqrt(std::max(0.0, squares / n - sum / n * sum / n) / (n - 1))};
  }
};

/// Who goes first changes from pair to pair.
Pairs alternate(int turns, const std::function<double()>& one, const std::function<double()>& other) {
  Pairs pairs;
  for (int turn = 0; turn < turns; ++turn) {
    if (turn % 2 == 0) pairs.one.push_back(one());
    pairs.other.push_back(other());
    if (turn % 2 != 0) pairs.one.push_back(one());
  }
  return pairs;
}

/// Processor time of this process, or of what it has started and waited for.
double processor_s(int who) {
  rusage used{};
  getrusage(who, &used);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double unlimited(testing::PrivateServer& server, testing::ReadTraffic& traffic) {
  testing::PgbenchRun run = traffic.theirs(kSeconds);
  run.per_second = 0;
  return testing::pgbench(server, traffic.database(), run).per_second;
}

void saturated(testing::PrivateServer& server) {
  const double served = [&] {
    testing::ReadTraffic traffic(server, kCalm, kConnections);
    return median({unlimited(server, traffic), unlimited(server, traffic), unlimited(server, traffic)});
  }();
  testing::ReadTraffic traffic(server, kOfferedShare * served, kConnections);
  std::vector<double> ours_us, theirs_us;  // the client's processor time for one request
  const auto spent_us = [](int who, double before_s, double requests) { return 1e6 * (processor_s(who) - before_s) / requests; };
  const auto ours = [&] {
    const double before_s = processor_s(RUSAGE_SELF);
    const std::vector<backends::RequestRecord> requests = traffic.ours(1);
    ours_us.push_back(spent_us(RUSAGE_SELF, before_s, static_cast<double>(requests.size())));
    return testing::throughput(requests);
  };
  const auto theirs = [&] {
    const double before_s = processor_s(RUSAGE_CHILDREN);
    const double per_second = unlimited(server, traffic);
    theirs_us.push_back(spent_us(RUSAGE_CHILDREN, before_s, per_second * kSeconds));
    return per_second;
  };
  const Pairs pairs = alternate(kTurns, ours, theirs);
  const auto [share, give_or_take] = pairs.ratio();
  fmt::print("  reads by key, {} connections   {:7.0f}/s   pgbench {:7.0f}/s   {:3.0f} % +- {:.0f}\n", kConnections, median(pairs.one),
             median(pairs.other), 100 * share, 100 * give_or_take);
  fmt::print("    processor time of the client  {:5.1f} us a request   pgbench {:5.1f} us\n", median(ours_us), median(theirs_us));
}

void calm(testing::PrivateServer& server) {
  testing::ReadTraffic traffic(server, kCalm, kConnections);
  const auto middle = [](const std::vector<double>& seconds) { return 1e6 * median(seconds); };
  const Pairs pairs = alternate(
      kTurns, [&] { return middle(testing::latencies(traffic.ours(kSeconds))); },
      [&] { return middle(testing::pgbench(server, traffic.database(), traffic.theirs(kSeconds)).latency_s); });
  fmt::print("  median latency at {:.0f}/s           {:5.0f} us   pgbench   {:5.0f} us   {:+.0f} us\n", kCalm, median(pairs.one), median(pairs.other),
             median(pairs.one) - median(pairs.other));
}

double now_s() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

/// What it costs the server that somebody looks at its locks every 20 ms: one
/// run of pgbench, in which a step sleeps for short stretches, sampled and not.
void watched(testing::PrivateServer& server) {
  testing::ReadTraffic traffic(server, kCalm, kConnections);
  testing::PgbenchRun run = traffic.theirs(static_cast<int>(2 * kStretches * kStretchSeconds) + 3);
  run.per_second = 0;
  testing::PgbenchResult seen;
  std::thread reading([&] { seen = testing::pgbench(server, traffic.database(), run); });
  const auto step = traffic.step();
  auto alone = server.connect(traffic.database());
  const std::string sleep = fmt::format("SELECT pg_sleep({})", kStretchSeconds);
  std::this_thread::sleep_for(std::chrono::seconds(1));
  std::vector<std::pair<double, double>> sampled, unseen;
  const auto stretch = [](std::vector<std::pair<double, double>>& all, const std::function<void()>& call) {
    const double begin = now_s();
    call();
    all.emplace_back(begin, now_s());
    return 0.0;
  };
  alternate(kStretches, [&] { return stretch(sampled, [&] { step->run(sleep, {}, {}); }); }, [&] { return stretch(unseen, [&] { alone.query(sleep); }); });
  reading.join();
  std::sort(seen.ended_s.begin(), seen.ended_s.end());
  const auto rates = [&](const std::vector<std::pair<double, double>>& stretches) {
    std::vector<double> all;
    for (const auto& [begin, end] : stretches) {
      const auto answered = std::lower_bound(seen.ended_s.begin(), seen.ended_s.end(), end) - std::lower_bound(seen.ended_s.begin(), seen.ended_s.end(), begin);
      all.push_back(static_cast<double>(answered) / (end - begin));
    }
    return all;
  };
  const Pairs pairs{rates(sampled), rates(unseen)};
  const auto [share, give_or_take] = pairs.ratio();
  fmt::print("  pgbench while locks are sampled  {:7.0f}/s   without {:7.0f}/s   {:+.1f} % +- {:.1f}\n", median(pairs.one), median(pairs.other),
             100 * (share - 1), 100 * give_or_take);
}

void filled(testing::PrivateServer& server) {
  Schema schema = sql::schema_from_sql("CREATE TABLE users (id bigint PRIMARY KEY, name text, email text, created_at timestamptz)");
  schema.tables[0].rows = kFilledRows;
  std::vector<double> seconds;
  for (int turn = 0; turn < 3; ++turn) {
    const auto backend = backends::open("postgresql://midflight@/postgres?host=" + server.folder(), {});
    const auto begin = std::chrono::steady_clock::now();
    backend->prepare(schema);
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  fmt::print("  a table of {} rows, its index and statistics   {:.1f} s   {:.1f} million rows a minute\n", kFilledRows, median(seconds),
             60e-6 * static_cast<double>(kFilledRows) / median(seconds));
}

constexpr const char* kCrowd = R"yaml(
name: a crowd behind a reader
database: {engine: postgresql, connections: 200}
schema: "CREATE TABLE users (id bigint PRIMARY KEY, name text)"
tables: {users: {rows: 100000, row_bytes: 60}}
app:
  instances: 16
  pool: 10
  pool_timeout: 30s
  request_timeout: 30s
  rollout: {kind: rolling, startup: 500ms, drain: 500ms}
  versions:
    v1:
      - {name: read, rate: 2000/s, sql: "SELECT name FROM users WHERE id = $1"}
background:
  - {name: report, at: 1s, time: 4s, sql: "SELECT count(*) FROM users"}
change: ALTER TABLE users RENAME COLUMN name TO full_name
)yaml";

/// Whether requests are handed over in time although all connections wait.
void crowded(testing::PrivateServer& server) {
  backends::ReplayOptions options;
  options.runs = 20;
  const backends::ReplayResult result =
      backends::replay(io::parse_scenario(kCrowd, "crowd", "."), "naive", "postgresql://midflight@/postgres?host=" + server.folder(), options);
  fmt::print("  2,000 requests/s, 160 connections, a rename behind a reader of 4 s   {}   handed over late by {:.2f} ms (p50), {:.2f} ms (p99)\n",
             result.valid ? "valid" : result.invalid_reason, 1e3 * result.lateness.p50.seconds(), 1e3 * result.lateness.p99.seconds());
}

}  // namespace

/// Without arguments all of it; else those parts: saturated calm watched filled crowded.
int main(int count, char** words) {
  const auto wanted = [&](const std::string& part) {
    return count == 1 || std::find(words + 1, words + count, part) != words + count;
  };
  testing::PrivateServer server({"max_connections=200", "shared_buffers=128MB", "max_wal_size=1GB"});  // the last two as PostgreSQL has them
  fmt::print("load generator beside pgbench, one private server (medians of turns of {} s; ratios by pairs, twice their deviation)\n", kSeconds);
  if (wanted("saturated")) saturated(server);
  if (wanted("calm")) calm(server);
  if (wanted("watched")) watched(server);
  if (wanted("filled")) filled(server);
  if (wanted("crowded")) crowded(server);
}
