#include "backends/postgres/neighbours.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "backends/postgres/server_facts.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

constexpr const char* kReplays = "hashtext('midflight replay')";
constexpr const char* kCalibrates = "hashtext('midflight calibrate')";
constexpr int kLooks = 10;  // short statements are missed by one
constexpr auto kBetween = std::chrono::milliseconds(20);

// Advisory locks of two keys have objsubid 2.  Source: PostgreSQL manual, pg_locks.
std::string others(const std::string& which) {
  return fmt::format("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND objid = {} "
                     "AND pid <> pg_backend_pid() AND {}", kAdvisoryKey, which);
}

const std::string kIsCalibration = fmt::format("classid = ({}::bigint & 4294967295)::oid", kCalibrates);

std::string sessions(int count) { return fmt::format("{} other session{}", count, count == 1 ? "" : "s"); }

}  // namespace

void claim_for_calibration(PostgresConnection& session) {
  session.query(fmt::format("SELECT pg_try_advisory_lock({}, {})", kCalibrates, kAdvisoryKey));
  if (session.value(others(kIsCalibration)) != "0") {
    throw Error(ErrorCode::Database, "another calibration runs on this server: the numbers of both would be wrong");
  }
  if (session.value(others("true")) != "0") {
    throw Error(ErrorCode::Database, "a replay runs on this server: the numbers of both would be wrong");
  }
}

void claim_for_replay(PostgresConnection& session) {
  session.query(fmt::format("SELECT pg_advisory_lock_shared({}, {})", kReplays, kAdvisoryKey));
  if (session.value(others(kIsCalibration)) == "0") return;
  throw Error(ErrorCode::Database, "a calibration runs on this server: the numbers of both would be wrong");
}

std::string other_work(PostgresConnection& session) {
  int active = 0, hidden = 0;
  for (int look = 0; look < kLooks; ++look) {
    if (look > 0) std::this_thread::sleep_for(kBetween);
    const TextRow row = session.query("SELECT count(*) FILTER (WHERE state = 'active' AND backend_type IN ('client backend', 'autovacuum worker')), "
                                      "count(*) FILTER (WHERE backend_type IS NULL AND " + std::string(kClientSession) + ") "
                                      "FROM pg_stat_activity WHERE pid <> pg_backend_pid()").front();
    active = std::max(active, std::stoi(row[0].value_or("0")));
    hidden = std::max(hidden, std::stoi(row[1].value_or("0")));
  }
  if (active > 0) return sessions(active) + " at work on this server: what is measured holds beside such work";
  if (hidden > 0) return sessions(hidden) + " of other users on this server: what is measured holds beside what they do, which this role cannot see";
  return "";
}

}  // namespace midflight::backends
