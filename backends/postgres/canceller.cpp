#include "backends/postgres/canceller.h"

#include <chrono>
#include <utility>

namespace midflight::backends {

Canceller::Canceller(const std::atomic<bool>& stop, std::function<void()> cancel)
    : thread_([this, &stop, cancel = std::move(cancel)] { watch(stop, cancel); }) {}

Canceller::~Canceller() {
  over_ = true;
  thread_.join();
}

// Once is not enough: between two statements there is nothing to cancel.
void Canceller::watch(const std::atomic<bool>& stop, const std::function<void()>& cancel) const {
  while (!over_) {
    if (stop) cancel();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

}  // namespace midflight::backends
