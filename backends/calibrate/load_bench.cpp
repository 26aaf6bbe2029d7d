#include "backends/calibrate/load_bench.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <memory>
#include <thread>

#include "backends/timing.h"
#include "sim/kernel/error.h"
#include "sim/kernel/random.h"

namespace midflight::backends {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kStallSeconds = 1;
constexpr double kSettleSeconds = 0.2;

double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

void pause(double seconds, const std::atomic<bool>* stop) {
  for (const auto begin = Clock::now(); since(begin) < seconds;) {
    if (stop != nullptr && *stop) throw Error(ErrorCode::Interrupted, "interrupted; the scratch database is removed");
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

double rate_of(const ReadingCrowd& crowd, double seconds, const std::atomic<bool>* stop) {
  const std::int64_t before = crowd.answered();
  const auto begin = Clock::now();
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

double Capacity::herd_s(double alone_s) const {
  return after_stall <= 0 ? 0 : alone_s * std::max(0.0, per_second / after_stall - 1);
}

struct ReadingCrowd::State {
  struct Reader {
    explicit Reader(const std::string& connection) : session(connection) {}
    PostgresConnection session;
    std::atomic<std::int64_t> answered{0};
    std::thread thread;
  };
  std::vector<std::unique_ptr<Reader>> readers;
  std::atomic<bool> over{false};

  void read(Reader& reader, std::uint64_t number, std::int64_t rows) {
    Random random({number, 0, stream_id("crowd")});
    try {
      while (!over) {
        const auto id = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(rows))) + 1;
        if (reader.session.run(fmt::format("SELECT words FROM work WHERE id = {}", id)).ok()) ++reader.answered;
      }
    } catch (const Error&) {  // the server went away: whoever watches finds out by itself
    }
  }
};

ReadingCrowd::ReadingCrowd(const std::string& connection, int sessions, std::int64_t rows) : state_(std::make_unique<State>()) {
  for (int i = 0; i < sessions; ++i) state_->readers.push_back(std::make_unique<State::Reader>(connection));
  for (std::size_t i = 0; i < state_->readers.size(); ++i) {
    State::Reader& reader = *state_->readers[i];
    reader.thread = std::thread([this, &reader, i, rows] { state_->read(reader, i, rows); });
  }
}

ReadingCrowd::~ReadingCrowd() {
  state_->over = true;
  for (auto& reader : state_->readers) {
    if (!reader->thread.joinable()) continue;
    reader->session.cancel();  // it may wait for a lock
    reader->thread.join();
  }
}

std::int64_t ReadingCrowd::answered() const {
  std::int64_t sum = 0;
  for (const auto& reader : state_->readers) sum += reader->answered;
  return sum;
}

Capacity measure_capacity(const std::string& connection, std::int64_t rows, double seconds, int sessions_most,
                          const std::atomic<bool>* stop) {
  Capacity capacity;
  for (int sessions = 1; sessions <= std::min(16, sessions_most); sessions *= 2) {
    const ReadingCrowd crowd(connection, sessions, rows);
    pause(kSettleSeconds, stop);
    const double rate = rate_of(crowd, seconds, stop);
    if (rate > capacity.per_second) capacity.per_second = rate, capacity.sessions = sessions;
  }
  capacity.crowd = std::min(64, sessions_most);
  PostgresConnection holder(connection);
  const ReadingCrowd crowd(connection, capacity.crowd, rows);
  pause(kSettleSeconds, stop);
  holder.query("BEGIN; LOCK TABLE work");
  pause(kStallSeconds, stop);
  holder.query("COMMIT");
  capacity.after_stall = rate_of(crowd, seconds, stop);
  return capacity;
}

}  // namespace midflight::backends
