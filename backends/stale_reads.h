#pragma once

#include <optional>

#include "backends/plan_run.h"

namespace midflight::backends {

/// Successful reads that showed something else than the row's last
/// acknowledged value, found afterwards in the clients' records.
///
/// Nothing where a version shows the value of a moving column in a way that
/// clients do not check (see ClientEndpoint::shows): an unknown is not a zero.
/// Scope: a read beside a write of its row may show either value.
/// Cost:  one pass over the records.
std::optional<std::int64_t> count_stale_reads(const Catalogue& catalogue, const ClientApplication& application,
                                              const PlanRunResult& run);

}  // namespace midflight::backends
