#include "sim/model/pending_detach.h"

namespace midflight {
namespace {

// As psql shows it, behind the bound.
constexpr const char* kPending = " (DETACH PENDING)";

}  // namespace

bool detach_pending(const Table& partition) { return partition.bound.ends_with(kPending); }

void set_detach_pending(Table& partition) {
  if (!detach_pending(partition)) partition.bound += kPending;
}

}  // namespace midflight
