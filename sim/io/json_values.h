#pragma once

#include <nlohmann/json.hpp>

#include "sim/metrics/summary.h"

/// Numbers as the JSON contract writes them.  Only for the .cpp files of this room.
namespace midflight::io {

using Json = nlohmann::ordered_json;

/// Whole values as integers, others as the shortest text that reads back the
/// same; never -0.
Json count_json(double value);
/// The same for seconds, rounded to the nanosecond they were counted in.
Json seconds_json(double value);

/// {"mean", "p5", "p50", "p95"}.
Json distribution_json(const metrics::Summary& summary, bool seconds);

/// Whether a quantity's name says it is in seconds.
bool named_seconds(std::string_view name);

}  // namespace midflight::io
