#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/io/yaml_document.h"
#include "sim/io/yaml_quantity.h"

namespace midflight::io {

/// The keys of one kind of mapping: what an editor's schema lists and what a
/// reader accepts.
struct KeyTable {
  std::string_view name;                    ///< of the definition in the JSON Schema
  std::vector<std::string_view> keys;
  std::vector<std::string_view> reserved{};  ///< of later versions: refused with that word
};

/// A mapping whose keys are known.
///
/// Making one reports unknown and duplicate keys.  The readers report a value
/// that is wrong and then return nothing, as they do for a key that is absent;
/// the caller keeps its default.
/// Scope: internal to this room.
class Section {
 public:
  Section(const Value& value, const KeyTable& table);

  bool has(std::string_view key) const { return find(key) != nullptr; }
  const Value* find(std::string_view key) const;
  /// As find(), and reports its absence.
  const Value* require(std::string_view key) const;
  const Value& value() const { return value_; }

  std::optional<std::string> text(std::string_view key) const;
  std::optional<std::string> name(std::string_view key) const;
  std::optional<std::int64_t> count(std::string_view key, std::int64_t low, std::int64_t high) const;
  std::optional<double> number(std::string_view key, double low, double high) const;
  std::optional<Duration> duration(std::string_view key) const;
  /// As duration(), but 0 is refused.
  std::optional<Duration> positive_duration(std::string_view key) const;
  std::optional<Distribution> distribution(std::string_view key) const;
  /// The index of the word among `words`.
  std::optional<std::size_t> choice(std::string_view key, const std::vector<std::string_view>& words) const;
  std::optional<bool> boolean(std::string_view key) const;

 private:
  void check_key(const Value& key, const KeyTable& table);

  Value value_;
  std::vector<std::pair<std::string, Value>> entries_;
};

/// The text of a scalar, or a problem.
std::optional<std::string> read_text(const Value& value);
/// Text that can name something: not empty, on one line, at most 200 bytes.
std::optional<std::string> read_name(const Value& value);
std::optional<std::int64_t> read_count(const Value& value, std::int64_t low, std::int64_t high);
std::optional<Duration> read_duration(const Value& value);
std::optional<std::size_t> read_choice(const Value& value, const std::vector<std::string_view>& words);

/// Runs a parser of yaml_quantity.h over a scalar and reports what it says.
template <class T>
std::optional<T> read_quantity(const Value& value, Parsed<T> (*parse)(std::string_view)) {
  const std::optional<std::string> text = read_text(value);
  if (!text) return std::nullopt;
  Parsed<T> parsed = parse(*text);
  if (!parsed.value) value.problem("is `" + *text + "`: " + parsed.problem);
  return parsed.value;
}

/// Keeps the default when there is nothing to assign.
template <class T, class U>
void assign(T& target, const std::optional<U>& value) {
  if (value) target = static_cast<T>(*value);
}

}  // namespace midflight::io
