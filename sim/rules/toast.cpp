#include "sim/rules/toast.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

namespace midflight::rules {
namespace {

constexpr long kThreshold = 2032;
constexpr long kFixed = 0, kAnyLength = -1;

// Of fixed length, or so short that it is never moved out.
constexpr std::array<std::string_view, 24> kFixedTypes = {
    "smallint", "integer", "bigint", "real", "double precision", "boolean", "date", "uuid", "oid", "money", "interval", "point",
    "line", "lseg", "box", "circle", "macaddr", "macaddr8", "name", "\"char\"", "pg_lsn", "tid", "xid", "cid"};

bool begins(const std::string& type, std::string_view with) { return type.compare(0, with.size(), with) == 0; }

/// The most bytes a value can have.
long bytes_max(const std::string& type) {
  if (type.ends_with("[]")) return kAnyLength;
  if (begins(type, "timestamp") || begins(type, "time ") || type == "time" || begins(type, "interval")) return kFixed;
  if (std::find(kFixedTypes.begin(), kFixedTypes.end(), type) != kFixedTypes.end()) return kFixed;
  const std::size_t open = type.find('(');
  if (open == std::string::npos) return kAnyLength;
  const long length = std::strtol(type.c_str() + open + 1, nullptr, 10);
  if (begins(type, "character")) return 4 * length + 4;
  if (begins(type, "numeric")) return length + 12;
  if (begins(type, "bit")) return length / 8 + 8;
  return kAnyLength;
}

}  // namespace

bool has_toast_table(const Table& table) {
  if (table.kind == TableKind::Partitioned) return false;
  long bytes = 24;
  bool movable = false;
  for (const Column& column : table.columns) {
    const long most = bytes_max(column.type);
    if (most == kAnyLength) return true;
    movable |= most != kFixed;
    bytes += most == kFixed ? 8 : most;
  }
  return movable && bytes > kThreshold;
}

}  // namespace midflight::rules
