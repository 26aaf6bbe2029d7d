#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/run/comparison.h"

namespace midflight {

using Runs = std::vector<Measurement>;

/// The 95th percentile of a quantity over runs.
double p95(const Runs& runs, std::string_view quantity);

/// Requests that fail or are late; values lost, read too old or left diverged.
std::int64_t bad_requests(const Measurement& run);
std::int64_t damage(const Measurement& run);

/// More than one run in a hundred does harm, which 95th percentiles need not show.
bool harms_now_and_then(const Runs& runs);

/// Why a strategy has its verdict, in one sentence without its full stop.
std::string unsafe_reason(const Runs& runs, const Program& program);
std::string incomplete_reason(const Runs& runs);
std::string trouble(const Prediction& prediction);
/// The commonest failure of requests: "profile of v1 fails with `...` (42703) in 3 of 50 runs"; or empty.
std::string main_error(const Runs& runs);
/// Of a strategy whose 95th percentiles are all 0; tells of the runs beyond them.
std::string safe_reason(const Runs& runs);

/// "if no row has a null in t.c, ", of a verdict that holds under conditions alone; else empty.
std::string only_if(const std::vector<std::string>& conditions);

/// "; and in 3 of 200 runs values are lost or misread", where the verdict has other reasons; else empty.
std::string rare_damage(const Runs& runs);

/// "the downtime does not end by itself", with the number of runs where it ends in others; else empty.
std::string endless_downtime(const Runs& runs);

/// Of a step whose lock_timeout alone lets requests wait until they are late; else empty.
std::string lock_timeout_hint(const Prediction& prediction, Duration latency);

}  // namespace midflight
