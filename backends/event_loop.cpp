#include "backends/event_loop.h"

#include <algorithm>

namespace midflight::backends {

namespace {
constexpr auto kTick = std::chrono::milliseconds(20);
}  // namespace

void EventLoop::at(Clock::time_point due, Task task) {
  const std::lock_guard guard(mutex_);
  entries_.push({due, sequence_++, std::move(task)});
  wake_.notify_one();
}

bool EventLoop::take(Task& task) {
  std::unique_lock lock(mutex_);
  const Clock::time_point now = Clock::now();
  if (entries_.empty() || entries_.top().due > now) {
    const Clock::time_point next = entries_.empty() ? now + kTick : std::min(entries_.top().due, now + kTick);
    wake_.wait_until(lock, next);
  }
  if (entries_.empty() || entries_.top().due > Clock::now()) return false;
  task = std::move(const_cast<Entry&>(entries_.top()).task);  // the order does not look at it
  entries_.pop();
  return true;
}

void EventLoop::run(const std::function<bool()>& done, const std::function<void()>& tick) {
  Clock::time_point ticked = Clock::now();
  while (!done()) {
    Task task;
    if (take(task)) task();
    if (Clock::now() - ticked < kTick) continue;
    ticked = Clock::now();
    tick();
  }
}

}  // namespace midflight::backends
