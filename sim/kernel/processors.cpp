#include "sim/kernel/processors.h"

#include <algorithm>

namespace midflight {

void Processors::cancel(std::uint32_t ticket, Instant now) {
  advance(now);
  cancelled_tickets_.push_back(ticket);
  ++cancelled_;
  --running_;
  refresh(now);
}

bool Processors::is_cancelled(std::uint32_t ticket) {
  const auto found = std::find(cancelled_tickets_.begin(), cancelled_tickets_.end(), ticket);
  if (found == cancelled_tickets_.end()) return false;
  *found = cancelled_tickets_.back();
  cancelled_tickets_.pop_back();
  --cancelled_;
  return true;
}

Duration Processors::left(std::uint32_t ticket, Instant now) {
  advance(now);
  for (const Entry& entry : heap_) {
    if (entry.ticket == ticket) return {std::max<std::int64_t>(entry.virtual_ns - virtual_ns_, 0)};
  }
  return {};
}

}  // namespace midflight
