#include "backends/postgres/activity.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

constexpr auto kLook = std::chrono::milliseconds(100);

int rounded_up_ms(Clock::duration length) {
  return static_cast<int>(std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(length).count()));
}

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

PostgresStop::PostgresStop(const std::atomic<bool>* asked) : asked_(asked), event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  MIDFLIGHT_CHECK(event_ >= 0);
}

PostgresStop::~PostgresStop() { ::close(event_); }

void PostgresStop::set() noexcept {
  set_ = true;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(event_, &one, sizeof one);
}

void PostgresStop::check() const {
  if (over()) throw Error(ErrorCode::Interrupted, "stopped");
}

bool PostgresStop::await(int socket, bool write, Clock::time_point until, const std::atomic<bool>* enough) const {
  for (;;) {
    const Clock::time_point now = Clock::now();
    if (now >= until || (enough != nullptr && enough->load())) return false;
    pollfd sources[] = {{socket, static_cast<short>(write ? POLLOUT : POLLIN), 0}, {event_, POLLIN, 0}};
    const int ready = ::poll(sources, 2, rounded_up_ms(std::min<Clock::duration>(kLook, until - now)));
    check();
    if (ready > 0 && sources[0].revents != 0) return true;
  }
}

}  // namespace midflight::backends
