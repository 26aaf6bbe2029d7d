#pragma once

#include "backends/backend.h"
#include "backends/data/catalogue.h"
#include "sim/cost/profile.h"

namespace midflight::backends {

/// The cost model's parameters from a few statements on a small copy of the
/// largest table, which is dropped again.
///
/// Scope: one size, an idle database, warm caches.
/// Cost:  about a second.
cost::Profile quick_profile(Session& session, const Catalogue& catalogue, const Dialect& dialect);

}  // namespace midflight::backends
