#include <algorithm>

#include "sim/check/rule.h"
#include "sim/check/rules/all.h"

namespace midflight::check {
namespace {

std::vector<Rule> all_rules() {
  std::vector<Rule> all;
  for (const auto& family : {index_rules, index_upkeep_rules, foreign_key_rules, constraint_rules, key_rules, validation_rules, column_rules,
                             column_type_rules, column_use_rules, table_rules, drop_rules, object_rules, storage_rules, partition_rules, view_rules,
                             trigger_rules, type_rules, timeout_rules, transaction_rules, sequence_rules, data_rules, flyway_rules, fallback_rules, reading_rules}) {
    for (const Rule& rule : family()) all.push_back(rule);
  }
  return all;
}

}  // namespace

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = all_rules();
  return all;
}

const Rule* rule_called(std::string_view id) {
  const auto found = std::find_if(rules().begin(), rules().end(), [&](const Rule& rule) { return rule.id == id; });
  return found == rules().end() ? nullptr : &*found;
}

Finding built_in(std::string_view rule, const Span& where, std::string message) {
  return {std::string(rule), rule_called(rule)->severity, where, std::move(message), "", std::nullopt};
}

}  // namespace midflight::check
