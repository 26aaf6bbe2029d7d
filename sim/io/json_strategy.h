#pragma once

#include "sim/io/json_values.h"
#include "sim/io/result.h"

namespace midflight::io {

/// One strategy of the JSON contract.
Json strategy_json(const StrategyResult& strategy);

Json locks_json(const std::vector<RelationLock>& locks);
Json timeline_json(const std::vector<TimelineEntry>& timeline);

}  // namespace midflight::io
