#include "backends/postgres/activity.h"

#include <algorithm>
#include <utility>

#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

constexpr auto kLook = std::chrono::milliseconds(100);

}  // namespace

void merge_lock(std::vector<RelationLock>& locks, const RelationLock& lock) {
  const auto known = std::find_if(locks.begin(), locks.end(), [&](const RelationLock& l) { return l.relation == lock.relation; });
  if (known == locks.end()) locks.push_back(lock);
  else known->mode = std::max(known->mode, lock.mode);
}

void PostgresActivity::note_lock(const RelationLock& lock) {
  const std::lock_guard guard(mutex_);
  merge_lock(locks_, lock);
}

std::vector<RelationLock> PostgresActivity::take_locks() {
  const std::lock_guard guard(mutex_);
  return std::exchange(locks_, {});
}

std::shared_ptr<PostgresActivity> PostgresActivities::add(const std::string& session, Role role) {
  auto activity = std::make_shared<PostgresActivity>();
  activity->session = session;
  activity->role = role;
  const std::lock_guard guard(mutex_);
  std::erase_if(sessions_, [](const auto& weak) { return weak.expired(); });
  sessions_.push_back(activity);
  return activity;
}

std::vector<std::shared_ptr<PostgresActivity>> PostgresActivities::all() const {
  std::vector<std::shared_ptr<PostgresActivity>> living;
  const std::lock_guard guard(mutex_);
  for (const auto& weak : sessions_) {
    if (auto activity = weak.lock()) living.push_back(std::move(activity));
  }
  return living;
}

void PostgresActivities::connected(PostgresActivity& activity, int process) {
  activity.process = process;
  const std::lock_guard guard(mutex_);
  processes_.push_back(process);
}

std::vector<int> PostgresActivities::processes() const {
  const std::lock_guard guard(mutex_);
  return processes_;
}

void PostgresStop::set() noexcept {
  set_ = true;
  signal_.set();
}

void PostgresStop::check() const {
  if (over()) throw Error(ErrorCode::Interrupted, "stopped");
}

bool PostgresStop::await(int socket, Ready what, Clock::time_point until, const std::atomic<bool>* enough) const {
  for (;;) {
    const Clock::time_point now = Clock::now();
    if (now >= until || (enough != nullptr && enough->load())) return false;
    const bool ready = await_socket(socket, what, std::min<Clock::time_point>(until, now + kLook), &signal_);
    check();
    if (ready) return true;
  }
}

}  // namespace midflight::backends
