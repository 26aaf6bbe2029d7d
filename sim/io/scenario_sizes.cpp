#include "sim/io/scenario_sizes.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace midflight::io {
namespace {

constexpr std::int64_t kRowOverheadBytes = 28;  // header with alignment, item pointer
constexpr std::int64_t kTextBytes = 32;

struct TypeBytes {
  std::string_view prefix;
  std::int64_t bytes;
};
constexpr std::array<TypeBytes, 18> kTypes = {{{"smallint", 2},
                                               {"integer", 4},
                                               {"bigint", 8},
                                               {"real", 4},
                                               {"double precision", 8},
                                               {"boolean", 1},
                                               {"date", 4},
                                               {"timestamp", 8},
                                               {"time", 8},
                                               {"interval", 16},
                                               {"uuid", 16},
                                               {"numeric", 12},
                                               {"money", 8},
                                               {"oid", 4},
                                               {"inet", 8},
                                               {"json", 200},
                                               {"bytea", 64},
                                               {"xml", 200}}};

/// The n of "character varying(n)", or 0.
std::int64_t limit_of(std::string_view type) {
  const std::size_t open = type.find('(');
  std::int64_t limit = 0;
  if (open != std::string_view::npos) std::from_chars(type.data() + open + 1, type.data() + type.size(), limit);
  return limit;
}

std::int64_t type_bytes(std::string_view type) {
  if (type.ends_with("[]")) return 2 * kTextBytes;
  if (type.starts_with("character") || type.starts_with("varchar")) {
    const std::int64_t limit = limit_of(type);
    return limit > 0 ? std::clamp<std::int64_t>(limit / 2 + 1, 1, kTextBytes) : kTextBytes;
  }
  for (const TypeBytes& known : kTypes) {
    if (type.starts_with(known.prefix)) return known.bytes;
  }
  return kTextBytes;
}

}  // namespace

std::int64_t guessed_row_bytes(const Table& table) {
  std::int64_t bytes = kRowOverheadBytes;
  for (const Column& column : table.columns) bytes += type_bytes(column.type);
  return bytes;
}

}  // namespace midflight::io
