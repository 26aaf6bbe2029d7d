#include "backends/crew.h"

namespace midflight::backends {

void Crew::submit(std::function<void()> task) {
  const std::lock_guard guard(mutex_);
  if (stopped_) return;
  tasks_.push_back(std::move(task));
  if (tasks_.size() > idle_) {
    threads_.emplace_back([this] { work(); });
  } else {
    wake_.notify_one();
  }
}

void Crew::work() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    if (tasks_.empty()) {
      ++idle_;
      wake_.wait(lock, [this] { return stopped_ || !tasks_.empty(); });
      --idle_;
      continue;
    }
    const std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    try {
      task();
    } catch (...) {
      failure_.note(std::current_exception());
    }
    lock.lock();
  }
}

bool Crew::sleep_until(Clock::time_point until) {
  std::unique_lock lock(mutex_);
  return !stopping_.wait_until(lock, until, [this] { return stopped_; });
}

void Crew::stop() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard guard(mutex_);
    stopped_ = true;
    tasks_.clear();
    threads.swap(threads_);
  }
  wake_.notify_all();
  stopping_.notify_all();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace midflight::backends
