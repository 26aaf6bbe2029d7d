#include "backends/strands/signal.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "backends/strands/fibres.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

int rounded_up_ms(std::chrono::steady_clock::duration length) {
  return static_cast<int>(std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(length).count()));
}

}  // namespace

Signal::Signal() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) { MIDFLIGHT_CHECK(event_ >= 0); }

Signal::~Signal() { ::close(event_); }

void Signal::set() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(event_, &one, sizeof one);
}

bool Signal::take() noexcept {
  std::uint64_t count = 0;
  return ::read(event_, &count, sizeof count) == sizeof count;
}

bool await_socket(int socket, Ready what, std::chrono::steady_clock::time_point until, const Signal* other) {
  if (Fibres* fibres = Fibres::here()) return fibres->await(socket, what, until);
  pollfd sources[] = {{socket, static_cast<short>(what == Ready::Write ? POLLOUT : POLLIN), 0}, {other != nullptr ? other->descriptor() : -1, POLLIN, 0}};
  for (;;) {
    const int ready = ::poll(sources, 2, rounded_up_ms(until - std::chrono::steady_clock::now()));
    if (ready >= 0 || errno != EINTR) return ready > 0 && sources[0].revents != 0;
  }
}

}  // namespace midflight::backends
