#include "backends/strands/strands.h"

namespace midflight::backends {

namespace {

// One thread alone waits behind the server on one processor while another has nothing to do: a tenth of all requests on two.
constexpr std::size_t kThreads = 2;

}  // namespace

Strands::Strands(bool share_threads) {
  for (std::size_t i = 0; share_threads && i < kThreads; ++i) fibres_.push_back(std::make_unique<Fibres>());
}

std::future<void> Strands::start(std::function<void()> work) {
  if (fibres_.empty()) return std::async(std::launch::async, std::move(work));
  return fibres_[started_++ % kThreads]->start(std::move(work));
}

void Parking::wait_until(std::unique_lock<std::mutex>& lock, Clock::time_point until) {
  Fibres* const fibres = Fibres::here();
  if (fibres == nullptr) {
    if (until == Clock::time_point::max()) return threads_.wait(lock);
    threads_.wait_until(lock, until);
    return;
  }
  const Fibres::Wait wait = fibres->next_wait();
  parked_.push_back({fibres, wait});
  lock.unlock();
  const bool woken = fibres->pause(until);
  lock.lock();
  if (!woken) std::erase_if(parked_, [&](const Parked& p) { return p.wait == wait; });
}

void Parking::notify_one() {
  threads_.notify_one();
  if (parked_.empty()) return;
  parked_.front().fibres->wake(parked_.front().wait);
  parked_.pop_front();
}

void Parking::notify_all() {
  threads_.notify_all();
  while (!parked_.empty()) notify_one();
}

}  // namespace midflight::backends
