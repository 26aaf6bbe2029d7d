#pragma once

#include <string>

#include "sim/io/result.h"

namespace midflight::io {

/// The plan step by step: its SQL and why, with buttons to copy when the script runs.
std::string plan_sql_html(const StrategyResult& strategy);

}  // namespace midflight::io
