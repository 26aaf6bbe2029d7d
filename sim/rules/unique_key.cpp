#include "sim/rules/unique_key.h"

#include <algorithm>

namespace midflight::rules {
namespace {

bool covers(const std::vector<std::string>& key, const std::vector<std::string>& columns) {
  return !columns.empty() && std::all_of(columns.begin(), columns.end(), [&](const std::string& column) {
    return std::find(key.begin(), key.end(), column) != key.end();
  });
}

}  // namespace

bool finds_one_row(const Access& access, const Table& table) {
  if (covers(access.key, table.primary_key())) return true;
  const auto by_constraint = [&](const Constraint& c) { return c.kind == ConstraintKind::Unique && covers(access.key, c.columns); };
  const auto by_index = [&](const Index& i) { return i.unique && i.valid && covers(access.key, i.columns); };
  return std::any_of(table.constraints.begin(), table.constraints.end(), by_constraint) ||
         std::any_of(table.indexes.begin(), table.indexes.end(), by_index);
}

}  // namespace midflight::rules
