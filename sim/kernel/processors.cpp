#include "sim/kernel/processors.h"

#include <algorithm>

namespace midflight {

void Processors::cancel(std::uint32_t ticket, Instant now) {
  advance(now);
  cancelled_.insert(ticket);
  --running_;
  refresh(now);
}

Duration Processors::left(std::uint32_t ticket, Instant now) {
  advance(now);
  for (const Entry e : heap_) {
    if (ticket_of(e) == ticket) return {std::max<std::int64_t>(virtual_end(e) - virtual_ns_, 0)};
  }
  return {};
}

}  // namespace midflight
