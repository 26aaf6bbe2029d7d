#pragma once

#include <string>

#include "sim/model/engine.h"
#include "sim/model/plan.h"
#include "sim/model/schema.h"

namespace midflight::verbs {

/// The section of a plan's README that says how its files are run by hand: with
/// which command, which of them may not run inside a transaction, when to go on.
std::string how_to_run(const Plan& plan, const Schema& schema, const Dialect& dialect);

/// The table whose primary key a backfill's loop goes along; null where it is no loop.
const Table* batched_table(const BackfillStep& step, const Schema& schema, const Dialect& dialect);

/// Does a sql step run without a transaction around it?
bool runs_alone(const SqlStep& step);

/// The name of a step's SQL file, "04_copy.sql".
std::string sql_file_name(std::size_t number, const Step& step);

}  // namespace midflight::verbs
