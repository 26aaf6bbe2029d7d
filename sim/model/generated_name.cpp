#include "sim/model/generated_name.h"

#include <algorithm>

namespace midflight {
namespace {

constexpr std::size_t kNameBytesMax = 63;

ConstraintKind constraint_behind(const Index& index, const Table& owner) {
  const auto found = std::find_if(owner.constraints.begin(), owner.constraints.end(),
                                  [&](const Constraint& c) { return c.name == index.name; });
  return found == owner.constraints.end() ? ConstraintKind::Unique : found->kind;
}

}  // namespace

std::string generated_name(const std::string& table, const std::string& middle, const std::string& label) {
  std::string first = table.substr(table.rfind('.') + 1);
  std::string second = middle;
  const std::size_t fixed = label.size() + 1 + (second.empty() ? 0 : 1);
  while (first.size() + second.size() + fixed > kNameBytesMax) (first.size() > second.size() ? first : second).pop_back();
  if (!second.empty()) first.append("_").append(second);
  return first.append("_").append(label);
}

std::string joined_names(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out.append(out.empty() ? "" : "_").append(name);
  return out;
}

std::string copied_index_name(const std::string& table, const Index& original, const Table& owner) {
  const std::string middle = original.parts.empty() ? joined_names(original.columns) : original.parts;
  if (!original.constraint) return generated_name(table, middle, "idx");
  switch (constraint_behind(original, owner)) {
    case ConstraintKind::PrimaryKey: return generated_name(table, "", "pkey");
    case ConstraintKind::Exclude: return generated_name(table, middle, "excl");
    default: return generated_name(table, middle, "key");
  }
}

}  // namespace midflight
