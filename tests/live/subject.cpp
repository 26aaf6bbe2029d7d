#include "tests/live/subject.h"

#include <chrono>
#include <thread>

#include "sim/kernel/error.h"

namespace midflight::live {
namespace {

using backends::PostgresConnection;
using std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::seconds(20);
constexpr auto kLook = std::chrono::milliseconds(4);

std::set<int> blockers_of(PostgresConnection& watcher, int process) {
  std::set<int> blockers;
  for (const auto& row : watcher.query("SELECT unnest(pg_blocking_pids(" + std::to_string(process) + "))")) {
    blockers.insert(std::stoi(*row.front()));
  }
  return blockers;
}

}  // namespace

Subject::Subject(PostgresConnection session, PostgresConnection watcher, const std::string& sql)
    : session_(std::move(session)), watcher_(std::move(watcher)), before_(read_relations(watcher_, Counters::OfServer)) {
  running_ = std::async(std::launch::async, [this, sql] { return session_.run(sql); });
}

Subject::~Subject() {
  if (running_.valid()) session_.cancel();
}

std::optional<Waiting> Subject::look() {
  Waiting waiting;
  waiting.blockers = blockers_of(watcher_, session_.process_id());
  if (waiting.blockers.empty()) return std::nullopt;
  waiting.asked = read_locks(watcher_, before_, session_.process_id(), false);
  waiting.held = read_locks(watcher_, before_, session_.process_id(), true);
  return waiting;
}

std::optional<Waiting> Subject::next_wait() {
  const auto deadline = steady_clock::now() + kPatience;
  while (steady_clock::now() < deadline) {
    if (running_.wait_for(kLook) == std::future_status::ready) {
      reply_ = running_.get();
      return std::nullopt;
    }
    if (auto waiting = look()) return waiting;
  }
  throw Error(ErrorCode::Database, "the statement neither ends nor waits for a lock");
}

// Counters reach the others when a session ends, which takes it a moment.
Relations Subject::after() {
  const std::string process = std::to_string(session_.process_id());
  { const PostgresConnection ended = std::move(session_); }
  const auto deadline = steady_clock::now() + kPatience;
  while (steady_clock::now() < deadline &&
         !watcher_.query("SELECT FROM pg_stat_activity WHERE pid = " + process).empty()) {
    std::this_thread::sleep_for(kLook);
  }
  return read_relations(watcher_, Counters::OfServer);
}

}  // namespace midflight::live
