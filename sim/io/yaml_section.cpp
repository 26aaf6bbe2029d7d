#include "sim/io/yaml_section.h"

#include <fmt/core.h>

#include <algorithm>

#include "sim/io/yaml_text.h"

namespace midflight::io {
namespace {

constexpr std::size_t kNameBytesMax = 200;
constexpr std::size_t kKeysMax = 1000;

bool contains(const std::vector<std::string_view>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string listed(const std::vector<std::string_view>& words) {
  std::vector<std::string> quoted;
  for (const std::string_view word : words) quoted.push_back(fmt::format("`{}`", word));
  return word_list(quoted, "or");
}

}  // namespace

Section::Section(const Value& value, const KeyTable& table) : value_(value) {
  if (!value.is_map() && !value.is_null()) {
    value.problem(fmt::format("must be a mapping with the keys {}", listed(table.keys)));
    return;
  }
  const auto entries = value.entries();
  if (entries.size() > kKeysMax) {
    value.problem(fmt::format("has {} keys; at most {} are read", entries.size(), kKeysMax));
    return;
  }
  for (const auto& [key, entry] : entries) {
    check_key(key, table);
    if (find(key.text()) == nullptr) entries_.emplace_back(key.text(), entry);
  }
}

void Section::check_key(const Value& key, const KeyTable& table) {
  Document& document = value_.document();
  const std::string& word = key.text();
  const std::string in = value_.path().empty() ? "" : fmt::format(" in `{}`", value_.path());
  if (!key.is_scalar()) {
    document.add(key.where(), fmt::format("a key{} must be a single word", in));
  } else if (find(word) != nullptr) {
    document.add(key.where(), fmt::format("duplicate key `{}`{}", word, in));
  } else if (contains(table.reserved, word)) {
    document.add_reserved(key.where(), fmt::format("`{}`{} is reserved for a later version", word, in));
  } else if (!contains(table.keys, word)) {
    std::string hint = did_you_mean(word, table.keys);
    if (hint.empty()) hint = fmt::format("; known are {}", listed(table.keys));
    document.add(key.where(), fmt::format("unknown key `{}`{}{}", word, in, hint));
  }
}

const Value* Section::find(std::string_view key) const {
  for (const auto& [name, value] : entries_) {
    if (name == key) return &value;
  }
  return nullptr;
}

const Value* Section::require(std::string_view key) const {
  const Value* found = find(key);
  if (found == nullptr) value_.problem(fmt::format("needs `{}`", key));
  return found;
}

std::optional<std::string> Section::text(std::string_view key) const {
  const Value* found = find(key);
  return found ? read_text(*found) : std::nullopt;
}

std::optional<std::string> Section::name(std::string_view key) const {
  const Value* found = find(key);
  return found ? read_name(*found) : std::nullopt;
}

std::optional<std::int64_t> Section::count(std::string_view key, std::int64_t low, std::int64_t high) const {
  const Value* found = find(key);
  return found ? read_count(*found, low, high) : std::nullopt;
}

std::optional<double> Section::number(std::string_view key, double low, double high) const {
  const Value* found = find(key);
  if (found == nullptr) return std::nullopt;
  const std::optional<double> number = read_quantity(*found, parse_number);
  if (!number || (*number >= low && *number <= high)) return number;
  found->problem(fmt::format("must be a number from {} to {}, not `{}`", low, high, found->text()));
  return std::nullopt;
}

std::optional<Duration> Section::duration(std::string_view key) const {
  const Value* found = find(key);
  return found ? read_duration(*found) : std::nullopt;
}

std::optional<Duration> Section::positive_duration(std::string_view key) const {
  std::optional<Duration> length = duration(key);
  if (!length || length->ns > 0) return length;
  find(key)->problem("must be above 0");
  return std::nullopt;
}

std::optional<Distribution> Section::distribution(std::string_view key) const {
  const Value* found = find(key);
  return found ? read_quantity(*found, parse_distribution) : std::nullopt;
}

std::optional<std::size_t> Section::choice(std::string_view key, const std::vector<std::string_view>& words) const {
  const Value* found = find(key);
  return found ? read_choice(*found, words) : std::nullopt;
}

std::optional<bool> Section::boolean(std::string_view key) const {
  const std::optional<std::size_t> word = choice(key, {"false", "true"});
  if (!word) return std::nullopt;
  return *word == 1;
}

std::optional<std::string> read_text(const Value& value) {
  if (value.is_scalar() && !value.text().empty()) return value.text();
  if (value.is_scalar() || value.is_null()) {
    value.problem("has no value");
  } else {
    value.problem(fmt::format("must be a single value, not a {}", value.is_map() ? "mapping" : "list"));
  }
  return std::nullopt;
}

std::optional<std::string> read_name(const Value& value) {
  std::optional<std::string> name = read_text(value);
  if (!name) return name;
  if (name->size() > kNameBytesMax || name->find_first_of("\t\r\n") != std::string::npos) {
    value.problem(fmt::format("must be a name on one line of at most {} bytes", kNameBytesMax));
    return std::nullopt;
  }
  return name;
}

std::optional<std::int64_t> read_count(const Value& value, std::int64_t low, std::int64_t high) {
  const std::optional<std::string> text = read_text(value);
  if (!text) return std::nullopt;
  const Parsed<std::int64_t> count = parse_count(*text);
  if (count.value && *count.value >= low && *count.value <= high) return count.value;
  value.problem(fmt::format("must be a whole number from {} to {}, not `{}`", low, high, *text));
  return std::nullopt;
}

std::optional<Duration> read_duration(const Value& value) { return read_quantity(value, parse_duration); }

std::optional<std::size_t> read_choice(const Value& value, const std::vector<std::string_view>& words) {
  const std::optional<std::string> text = read_text(value);
  if (!text) return std::nullopt;
  const auto found = std::find(words.begin(), words.end(), *text);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  value.problem(fmt::format("must be {}, not `{}`{}", listed(words), *text, did_you_mean(*text, words)));
  return std::nullopt;
}

}  // namespace midflight::io
