#pragma once

#include "sim/io/result_replay.h"
#include "sim/io/text_table.h"

namespace midflight::io {

/// The tables of the reports, each one row per thing compared.

Table comparison_table(const Result& result);
Table quantity_table(const StrategyResult& strategy);
Table step_table(const StrategyResult& strategy);
Table error_table(const StrategyResult& strategy);
Table replay_table(const ReplayResult& replay);
Table replay_step_table(const ReplayResult& replay);
/// What all repetitions measured, and how far each lay from its own prediction.
Table repetition_table(const ReplayResult& replay);

/// "lock_wait_s" as "lock wait".
std::string words(std::string_view name);

/// What the predicted values and their band are, and which of the values lie outside it.
std::string paired_text(const ReplayResult& replay);

/// Why the measured plan was not carried out, and whether that was predicted;
/// empty where both sides carry it out.
std::string completion_text(const ReplayResult& replay);

/// What the words of the replay's tables mean, as far as they occur.
std::vector<std::string> replay_notes(const ReplayResult& replay);

}  // namespace midflight::io
