#pragma once

#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "backends/strands/signal.h"

namespace midflight::backends {

/// Runs `work` in a thread of its own.
///
/// A cancel request of libpq and a statement of libpqxx wait for a server that
/// hangs as long as it hangs, and nothing can wake them.
/// Returns:  whether it ended within the limit; if not, it is left to itself.
/// Requires: the work owns what it uses, and throws nothing.
template <typename Work>
bool ends_within(std::chrono::milliseconds limit, Work work) {
  const auto done = std::make_shared<Signal>();
  std::thread([done, work = std::move(work)]() mutable {
    work();
    done->set();
  }).detach();
  return await_socket(done->descriptor(), Ready::Read, std::chrono::steady_clock::now() + limit);
}

}  // namespace midflight::backends
