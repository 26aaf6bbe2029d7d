#pragma once

#include <vector>

#include "sim/check/rule.h"

namespace midflight::check {

// One family of rules each, in the file of that name.

std::vector<Rule> index_rules();
std::vector<Rule> index_upkeep_rules();
std::vector<Rule> foreign_key_rules();
std::vector<Rule> constraint_rules();
std::vector<Rule> key_rules();
std::vector<Rule> validation_rules();
std::vector<Rule> column_rules();
std::vector<Rule> column_type_rules();
std::vector<Rule> column_use_rules();
std::vector<Rule> table_rules();
std::vector<Rule> drop_rules();
std::vector<Rule> object_rules();
std::vector<Rule> storage_rules();
std::vector<Rule> partition_rules();
std::vector<Rule> view_rules();
std::vector<Rule> trigger_rules();
std::vector<Rule> type_rules();
std::vector<Rule> timeout_rules();
std::vector<Rule> transaction_rules();
std::vector<Rule> sequence_rules();
std::vector<Rule> data_rules();
std::vector<Rule> flyway_rules();
std::vector<Rule> fallback_rules();
std::vector<Rule> reading_rules();

}  // namespace midflight::check
