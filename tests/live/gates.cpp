#include "tests/live/gates.h"

#include <chrono>
#include <future>
#include <thread>

#include "sim/kernel/error.h"
#include "tests/live/relations.h"

namespace midflight::live {
namespace {

using backends::PostgresConnection;
using backends::PostgresReply;
using std::chrono::milliseconds;

constexpr int kLooksMax = 2000;
constexpr auto kLook = milliseconds(2);
constexpr auto kPatience = milliseconds(5000);

}  // namespace

/// One session that asks for its table's lock in a thread of its own.
class Gates::Gate {
 public:
  Gate(PostgresConnection session, std::string table) : session_(std::move(session)), table_(std::move(table)) {
    session_.query("BEGIN");
    asking_ = std::async(std::launch::async, [this] {
      return session_.run("LOCK TABLE ONLY " + quoted_relation(table_) + " IN ACCESS EXCLUSIVE MODE");
    });
  }
  ~Gate() {
    if (asking_.valid() && asking_.wait_for(milliseconds(0)) != std::future_status::ready) session_.cancel();
  }
  const std::string& table() const { return table_; }
  int process() const { return session_.process_id(); }
  void await() {
    if (asking_.wait_for(kPatience) != std::future_status::ready) throw Error(ErrorCode::Database, "no lock on " + table_);
  }

 private:
  PostgresConnection session_;
  std::string table_;
  std::future<PostgresReply> asking_;  // waits for its thread when it is destroyed
};

Gates::Gates(const Opener& open) : open_(open), watcher_(open()) {
  for (const auto& [oid, relation] : read_relations(watcher_, Counters::OfServer)) {
    if (relation.kind != 'r' && relation.kind != 'p') continue;
    auto gate = close(relation.name);
    gate->await();
    const int process = gate->process();
    gates_.emplace(process, std::move(gate));
  }
}

Gates::~Gates() = default;

std::unique_ptr<Gates::Gate> Gates::close(const std::string& table) { return std::make_unique<Gate>(open_(), table); }

void Gates::await_in_queue(int process) {
  const std::string waits = "SELECT FROM pg_locks WHERE NOT granted AND pid = " + std::to_string(process);
  for (int look = 0; look < kLooksMax; ++look) {
    if (!watcher_.query(waits).empty()) return;
    std::this_thread::sleep_for(kLook);
  }
  throw Error(ErrorCode::Database, "a gate does not come to wait");
}

void Gates::open_those(const std::set<int>& processes) {
  for (const int process : processes) {
    const auto found = gates_.find(process);
    if (found == gates_.end()) continue;
    auto next = close(found->second->table());
    const int behind = next->process();
    await_in_queue(behind);
    gates_.erase(found);  // the session ends, and its lock with it
    gates_.emplace(behind, std::move(next));
  }
}

std::string quoted_relation(const std::string& relation) {
  const auto dot = relation.find('.');
  if (dot == std::string::npos) return backends::quoted_identifier(relation);
  return backends::quoted_identifier(relation.substr(0, dot)) + "." + backends::quoted_identifier(relation.substr(dot + 1));
}

}  // namespace midflight::live
