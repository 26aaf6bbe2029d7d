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
  for (const Entry& entry : heap_) {
    if (entry.ticket == ticket) return {std::max<std::int64_t>(entry.virtual_ns - virtual_ns_, 0)};
  }
  return {};
}

}  // namespace midflight
