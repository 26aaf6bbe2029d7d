#include "backends/calibrate/load_bench.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <functional>
#include <latch>
#include <thread>

#include "backends/postgres/wire.h"
#include "backends/strands/fibres.h"
#include "backends/timing.h"
#include "sim/kernel/error.h"
#include "sim/kernel/random.h"

namespace midflight::backends {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kCrowd = 64, kStalls = 5;
constexpr double kStallSeconds = 0.5;
constexpr double kWatchedSeconds = 0.2;  // later the crowd has forgotten the lock
constexpr double kSettleSeconds = 0.2;
constexpr std::chrono::milliseconds kRefusedMax{2000}, kBetweenTries{20};

double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

void pause(double seconds, const std::atomic<bool>* stop) {
  for (const auto begin = Clock::now(); since(begin) < seconds;) {
    if (stop != nullptr && *stop) throw Error(ErrorCode::Interrupted, "interrupted");
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

Distribution times_of(PostgresConnection& session, const std::function<std::string(int)>& sql, int tries) {
  std::vector<double> seconds;
  for (int i = -10; i < tries; ++i) {  // ten to warm up
    const std::string text = sql(i + 10);
    const auto begin = Clock::now();
    session.query(text);
    if (i >= 0) seconds.push_back(since(begin));
  }
  return lognormal_of(std::move(seconds));
}

/// From just before `start`.
double rate_of(const ReadingCrowd& crowd, double seconds, const std::atomic<bool>* stop, const std::function<void()>& start = {}) {
  const std::int64_t before = crowd.answered();
  const auto begin = Clock::now();
  if (start) start();
  pause(seconds, stop);
  return static_cast<double>(crowd.answered() - before) / since(begin);
}

}  // namespace

std::vector<ServiceTime> service_times(PostgresConnection& session, std::int64_t rows, int tries) {
  const auto key = [rows](int i) { return static_cast<std::int64_t>(i) * 7919 % rows + 1; };
  return {{"read by primary key", times_of(session, [&](int i) { return fmt::format("SELECT words FROM work WHERE id = {}", key(i)); }, tries)},
          {"update by primary key", times_of(session, [&](int i) { return fmt::format("UPDATE work SET other = {} WHERE id = {}", i, key(i)); }, tries)},
          {"insert", times_of(session, [&](int i) { return fmt::format("INSERT INTO work (id, words) VALUES ({}, 'x')", rows + 1 + i); }, tries)}};
}

double herd_seconds(const std::vector<Stall>& stalls, double processors) {
  std::vector<double> more;
  for (const Stall& stall : stalls) {
    if (stall.before > 0 && stall.after > 0) more.push_back(1 / stall.after - 1 / stall.before);
  }
  return more.empty() ? 0 : std::max(0.0, processors * median(more));
}

struct ReadingCrowd::State {
  State(const std::string& connection, int sessions, const std::atomic<bool>* asked)
      : uri(read_postgres_uri(connection)), stop(asked), connecting(std::max(0, sessions)) {}

  const PostgresUri uri;
  PostgresStop stop;
  std::latch connecting;
  std::exception_ptr failure;   ///< of a session that did not come so far
  std::atomic<std::int64_t> answered{0};
  Fibres fibres;                ///< ends first, for they use the rest

  std::unique_ptr<Wire> connect() {
    std::unique_ptr<Wire> wire;
    try {
      wire = connect_soon();
    } catch (const Error&) {
      failure = std::current_exception();
    }
    connecting.count_down();
    return wire;
  }

  /// The sessions of the crowd before are still counted until their processes have ended.
  std::unique_ptr<Wire> connect_soon() {
    std::string refused;
    for (const auto until = Clock::now() + kRefusedMax;;) {
      if (std::unique_ptr<Wire> wire = Wire::connect(uri, stop, "crowd", refused)) return wire;
      if (Clock::now() >= until) throw Error(ErrorCode::Database, "no connection to " + uri.shown + ": " + refused);
      stop.check();
      Fibres::here()->pause(Clock::now() + kBetweenTries);
    }
  }

  void read(std::uint64_t number, std::int64_t rows) {
    const std::unique_ptr<Wire> wire = connect();
    Random random({number, 0, stream_id("crowd")});
    try {
      while (wire && !stop.over()) {
        const auto id = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(rows))) + 1;
        if (wire->run(fmt::format("SELECT words FROM work WHERE id = {}", id), {}, {}).ok()) ++answered;
      }
    } catch (const Error&) {  // over, or the server went away: whoever watches finds out by itself
    }
  }
};

ReadingCrowd::ReadingCrowd(const std::string& connection, int sessions, std::int64_t rows, const std::atomic<bool>* stop)
    : state_(std::make_unique<State>(connection, sessions, stop)) {
  for (int i = 0; i < sessions; ++i) {
    state_->fibres.start([state = state_.get(), i, rows] { state->read(static_cast<std::uint64_t>(i), rows); });
  }
  state_->connecting.wait();
  if (!state_->failure) return;
  state_->stop.set();
  std::rethrow_exception(state_->failure);
}

ReadingCrowd::~ReadingCrowd() { state_->stop.set(); }

std::int64_t ReadingCrowd::answered() const { return state_->answered; }

namespace {

Stall stall(PostgresConnection& holder, const ReadingCrowd& crowd, const std::atomic<bool>* stop) {
  Stall seen;
  seen.before = rate_of(crowd, kWatchedSeconds, stop);
  holder.query("BEGIN; LOCK TABLE work");
  pause(kStallSeconds, stop);
  seen.after = rate_of(crowd, kWatchedSeconds, stop, [&] { holder.query("COMMIT"); });
  pause(kSettleSeconds, stop);
  return seen;
}

}  // namespace

Capacity measure_capacity(const std::string& connection, std::int64_t rows, double seconds, int sessions_most,
                          const std::atomic<bool>* stop) {
  Capacity capacity;
  for (int sessions = 1; sessions <= std::min(16, sessions_most); sessions *= 2) {
    const ReadingCrowd crowd(connection, sessions, rows, stop);
    pause(kSettleSeconds, stop);
    const double rate = rate_of(crowd, seconds, stop);
    if (rate > capacity.per_second) capacity.per_second = rate, capacity.sessions = sessions;
  }
  capacity.crowd = std::clamp(sessions_most, 1, kCrowd);
  PostgresConnection holder(connection);
  const ReadingCrowd crowd(connection, capacity.crowd, rows, stop);
  pause(kSettleSeconds, stop);
  for (int i = 0; i < kStalls; ++i) capacity.stalls.push_back(stall(holder, crowd, stop));
  return capacity;
}

}  // namespace midflight::backends
