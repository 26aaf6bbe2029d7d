#include "backends/postgres/sampler.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "backends/postgres/sightings.h"
#include "backends/postgres/values.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

constexpr auto kPeriod = std::chrono::milliseconds(20);
constexpr std::uint64_t kLooksPerLocks = 5;           // reading all locks costs more
constexpr std::uint64_t kSightingsAPace = 200;        // then queues are looked at half as often
constexpr auto kQuick = std::chrono::milliseconds(5);  // a call that has run no longer is not asked about

// $1: processes; $2: those whose obstacle is not known yet; $3: those of steps.
constexpr const char* kWaiters =
    "SELECT a.pid, coalesce(CASE WHEN a.pid = ANY ($2::int[]) THEN pg_blocking_pids(a.pid) && $3::int[] END, false) "
    "FROM pg_stat_get_activity(NULL) a WHERE a.wait_event_type = 'Lock' AND a.pid = ANY ($1::int[])";

constexpr const char* kLocks =
    "SELECT l.pid, coalesce(c.relname, l.locktype), l.mode, l.granted FROM pg_locks l "
    "LEFT JOIN pg_class c ON c.oid = l.relation AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "WHERE l.pid = ANY ($1::int[]) AND (NOT l.granted OR (c.relkind IN ('r', 'p') AND c.oid >= 16384))";

void append(std::string& list, int process) { list += (list.empty() ? "" : ",") + std::to_string(process); }
std::string braced(const std::string& list) { return "{" + list + "}"; }

}  // namespace

LockSampler::LockSampler(const PostgresShared& shared, const PostgresActivities& activities)
    : shared_(shared), activities_(activities), thread_([this] { work(); }) {}

LockSampler::~LockSampler() {
  over_ = true;
  thread_.join();
}

void LockSampler::work() {
  try {
    Clock::time_point previous = Clock::now();
    while (!over_) {
      std::this_thread::sleep_until(previous + kPeriod);
      const Clock::time_point now = Clock::now();
      look(previous);
      previous = now;
    }
  } catch (const std::exception& error) {
    note_blind(error.what());
  }
}

void LockSampler::note_blind(const std::string& why) {
  if (over_ || shared_.stop.over()) return;  // then nobody wants to see any more
  const std::lock_guard guard(mutex_);
  if (why_blind_.empty()) why_blind_ = why;
}

std::string LockSampler::why_blind() const {
  const std::lock_guard guard(mutex_);
  return why_blind_;
}

LockSampler::Activities LockSampler::busy(Clock::time_point now) const {
  Activities chosen;
  for (auto& activity : activities_.all()) {
    const std::int64_t began = activity->began_ns;
    if (began != 0 && activity->process != 0 && clock_ns(now - kQuick) >= began) chosen.push_back(std::move(activity));
  }
  return chosen;
}

void LockSampler::look(Clock::time_point previous) {
  const Activities asked = busy(Clock::now());
  if (asked.empty()) return note_queues(false);
  std::string all, unknown, steps;
  for (const auto& activity : asked) {
    append(all, activity->process);
    if (!activity->behind_step && activity->role == Role::Client) append(unknown, activity->process);
  }
  bool step_runs = false;
  for (const auto& activity : activities_.all()) {
    if (activity->role != Role::Step || activity->process == 0) continue;
    append(steps, activity->process);
    step_runs |= activity->began_ns != 0;
  }
  if (step_runs && looks_++ % kLooksPerLocks == 0) note_step_locks(steps);
  const std::vector<Row> waiters = query("waiters", kWaiters, {braced(all), braced(unknown), braced(steps)});
  note(asked, waiters, previous);
  note_queues(!waiters.empty());
}

// At once when a queue forms and when it has gone, else now and then.
void LockSampler::note_queues(bool anybody_waits) {
  if (!anybody_waits && queues_.empty()) return;
  const std::uint64_t pace = kLooksPerLocks << std::min<std::uint64_t>(looks_at_queues_ / kSightingsAPace, 20);
  if (anybody_waits && !queues_.empty() && ++looks_at_standing_ % pace != 0) return;
  ++looks_at_queues_;
  std::vector<LockRow> rows;
  if (anybody_waits) {
    for (const Row& row : query("queues", kLockRowsSql, {})) rows.push_back(lock_row(row));
  }
  const Clock::time_point now = Clock::now();
  std::vector<LockSighting> seen = sight(rows, activities_.all(), now);
  std::vector<std::string> standing;
  for (const LockSighting& sighting : seen) standing.push_back(sighting.lock);
  for (const std::string& lock : queues_) {
    if (std::find(standing.begin(), standing.end(), lock) == standing.end()) seen.push_back({now, lock, {}, {}});
  }
  queues_ = std::move(standing);
  const std::lock_guard guard(mutex_);
  sightings_.insert(sightings_.end(), std::make_move_iterator(seen.begin()), std::make_move_iterator(seen.end()));
}

std::vector<LockSighting> LockSampler::take_sightings() {
  const std::lock_guard guard(mutex_);
  return std::exchange(sightings_, {});
}

// Of statements that run in no transaction nobody can ask just before their end.
void LockSampler::note_step_locks(const std::string& steps) {
  const std::vector<Row> rows = query("locks", kLocks, {braced(steps)});
  for (const auto& activity : activities_.all()) {
    for (const Row& row : rows) {
      if (std::get<std::int64_t>(row[0]) != activity->process || std::get<std::int64_t>(row[3]) == 0) continue;
      activity->note_lock({std::get<std::string>(row[1]), postgres_lock_mode(std::get<std::string>(row[2]))});
    }
  }
}

void LockSampler::note(const Activities& asked, const std::vector<Row>& waiters, Clock::time_point previous) {
  std::map<std::int64_t, bool> behind;
  for (const Row& row : waiters) behind[std::get<std::int64_t>(row[0])] = std::get<std::int64_t>(row[1]) != 0;
  const std::int64_t now = clock_ns(Clock::now()), since = clock_ns(previous);
  for (const auto& activity : asked) {
    const auto found = behind.find(activity->process);
    const bool waits = found != behind.end();
    const std::int64_t began = activity->began_ns;
    if (began == 0) continue;
    // A wait that is new began somewhere between two looks, or with its call.
    const bool began_since = began > since;
    const std::int64_t length = now - std::max(began, since);
    if (waits) activity->waited_ns += activity->waiting || began_since ? length : length / 2;
    if (!waits && activity->waiting) activity->waited_ns += length / 2;
    if (waits && found->second) activity->behind_step = true;
    activity->waiting = waits;
    activity->looked_ns = now;
  }
}

std::vector<Row> LockSampler::query(const char* name, const char* sql, const Row& parameters) {
  const std::lock_guard guard(mutex_);
  std::string refused;
  if (!wire_) wire_ = Wire::connect(shared_.uri, shared_.stop, "lock samples", refused);
  if (!wire_ && why_blind_.empty()) why_blind_ = refused;
  if (!wire_) return {};
  WireReply reply;
  if (std::find(prepared_.begin(), prepared_.end(), name) == prepared_.end()) {
    prepared_.emplace_back(name);
    reply = wire_->prepare(name, sql, {});
  }
  if (reply.ok()) reply = wire_->run_prepared(name, parameters, {}, true);
  if (!reply.ok()) throw Error(ErrorCode::Database, "PostgreSQL: " + reply.message);
  return std::move(reply.all);
}

std::vector<LockSample> LockSampler::locks() {
  std::map<std::int64_t, std::string> names;
  std::string all;
  for (const auto& activity : activities_.all()) {
    if (activity->process == 0) continue;
    names[activity->process] = activity->session;
    append(all, activity->process);
  }
  std::vector<LockSample> samples;
  for (const Row& row : query("locks", kLocks, {braced(all)})) {
    LockSample sample;
    sample.session = names[std::get<std::int64_t>(row[0])];
    sample.relation = std::get<std::string>(row[1]);
    sample.mode = postgres_lock_mode(std::get<std::string>(row[2]));
    sample.granted = std::get<std::int64_t>(row[3]) != 0;
    samples.push_back(std::move(sample));
  }
  return samples;
}

}  // namespace midflight::backends
