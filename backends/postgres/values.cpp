#include "backends/postgres/values.h"

#include <cstdio>
#include <cstdlib>

namespace midflight::backends {
namespace {

// Of the system catalog; they never change.  Source: pg_type.dat.
enum Type : unsigned { kBool = 16, kInt8 = 20, kInt2 = 21, kInt4 = 23, kOid = 26, kFloat4 = 700, kFloat8 = 701, kNumeric = 1700 };

void append_escaped(std::string& line, const std::string& text) {
  for (const char c : text) {
    switch (c) {
      case '\\': line += "\\\\"; break;
      case '\t': line += "\\t"; break;
      case '\n': line += "\\n"; break;
      case '\r': line += "\\r"; break;
      default: line += c;
    }
  }
}

std::string real_text(double real) {
  char buffer[40];
  return {buffer, static_cast<std::size_t>(std::snprintf(buffer, sizeof buffer, "%.17g", real))};
}

}  // namespace

Value postgres_value(unsigned type, const char* text, std::size_t length) {
  switch (type) {
    case kBool: return std::int64_t{length > 0 && *text == 't'};
    case kInt8: case kInt2: case kInt4: case kOid: return std::int64_t{std::strtoll(text, nullptr, 10)};
    case kFloat4: case kFloat8: case kNumeric: return std::strtod(text, nullptr);
    default: return std::string(text, length);
  }
}

std::optional<std::string> postgres_text(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* real = std::get_if<double>(&value)) return real_text(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return std::nullopt;
}

LockMode postgres_lock_mode(const std::string& name) {
  for (int m = 0; m < kLockModes; ++m) {
    if (lock_mode_name(static_cast<LockMode>(m)) == name) return static_cast<LockMode>(m);
  }
  return LockMode::AccessShareLock;
}

void append_copy_field(std::string& line, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return append_escaped(line, *text);
  line += postgres_text(value).value_or("\\N");
}

}  // namespace midflight::backends
