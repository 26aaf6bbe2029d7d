#include "sim/model/generated_name.h"

#include <algorithm>

namespace midflight {
namespace {

constexpr std::size_t kNameBytesMax = 63;

std::string bare(const std::string& name) { return name.substr(name.rfind('.') + 1); }

/// At most so many bytes of a text, none of them of a character that is cut in two.
std::string whole_characters(const std::string& text, std::size_t bytes) {
  const auto continues = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U; };
  while (bytes > 0 && bytes < text.size() && continues(bytes)) --bytes;
  return text.substr(0, bytes);
}

/// Where the part of a made-up name ends that stands for the table, which may have been cut.
std::size_t behind_table(const std::string& name, const std::string& table) {
  std::size_t end = name.size();
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (name[at] == '_') end = at;
    if (at >= table.size() || name[at] != table[at]) return end;
  }
  return name.size();
}

ConstraintKind constraint_behind(const Index& index, const Table& owner) {
  const auto found = std::find_if(owner.constraints.begin(), owner.constraints.end(),
                                  [&](const Constraint& c) { return c.name == index.name; });
  return found == owner.constraints.end() ? ConstraintKind::Unique : found->kind;
}

}  // namespace

std::string generated_name(const std::string& table, const std::string& middle, const std::string& label) {
  const std::string first = bare(table);
  const std::size_t fixed = label.size() + 1 + (middle.empty() ? 0 : 1);
  std::size_t a = first.size(), b = middle.size();
  while (a + b + fixed > kNameBytesMax) --(a > b ? a : b);
  std::string name = whole_characters(first, a);
  if (!middle.empty()) name.append("_").append(whole_characters(middle, b));
  return name.append("_").append(label);
}

std::string numbered_name(const std::string& first, const std::string& table, int number) {
  const std::string digits = std::to_string(number);
  if (first.size() + digits.size() <= kNameBytesMax) return first + digits;
  const std::size_t label = first.ends_with("_not_null") ? first.size() - 8 : first.rfind('_') + 1;
  const std::string rest = first.substr(0, label - 1);
  const std::size_t split = behind_table(rest, bare(table));
  const std::string middle = split < rest.size() ? rest.substr(split + 1) : "";
  return generated_name(rest.substr(0, split), middle, first.substr(label) + digits);
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
