#pragma once

#include <string>

#include "sim/model/queue_moment.h"

namespace midflight::io {

/// One lock queue as HTML: who holds on the left, who waits in order on the
/// right, a mark for each request up to a few dozen.
std::string queue_html(const QueueMoment& moment);

/// Waiters of a moment in all.
std::int64_t waiting(const QueueMoment& moment);

}  // namespace midflight::io
