#include <algorithm>

#include "sim/check/rule.h"
#include "sim/check/rules/all.h"

namespace midflight::check {
namespace {

std::vector<Rule> all_rules() {
  std::vector<Rule> all;
  for (const auto& family : {index_rules}) {
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

}  // namespace midflight::check
