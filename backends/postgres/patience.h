#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <utility>

namespace midflight::backends {

/// Runs `work` in a thread of its own.
///
/// A cancel request of libpq and a statement of libpqxx wait for a server that
/// hangs as long as it hangs, and nothing can wake them.
/// Returns:  whether it ended within the limit; if not, it is left to itself.
/// Requires: the work owns what it uses, and throws nothing.
template <typename Work>
bool ends_within(std::chrono::milliseconds limit, Work work) {
  const auto done = std::make_shared<std::promise<void>>();
  const std::future<void> ended = done->get_future();
  std::thread([done, work = std::move(work)]() mutable {
    work();
    done->set_value();
  }).detach();
  return ended.wait_for(limit) == std::future_status::ready;
}

}  // namespace midflight::backends
