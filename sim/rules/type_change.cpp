#include "sim/rules/type_change.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

namespace midflight::rules {
namespace {

/// "numeric(10,2)" is base "numeric" with arguments 10 and 2; "timestamp(3)
/// without time zone" keeps its last words in the base.
struct TypeName {
  std::string base;
  std::vector<int> arguments;
};

TypeName split(std::string_view text) {
  const std::size_t open = text.find('(');
  const std::size_t close = text.find(')', open == text.npos ? 0 : open);
  if (open == text.npos || close == text.npos) return {std::string(text), {}};
  TypeName result{std::string(text.substr(0, open)) + std::string(text.substr(close + 1)), {}};
  std::string arguments(text.substr(open + 1, close - open - 1));
  for (const char* at = arguments.c_str(); *at;) {
    char* end = nullptr;
    const long value = std::strtol(at, &end, 10);
    if (end == at) break;
    result.arguments.push_back(static_cast<int>(value));
    at = *end ? end + 1 : end;
  }
  return result;
}

std::string canonical(std::string_view base) {
  if (base == "varchar") return "character varying";
  if (base == "varbit") return "bit varying";
  if (base == "decimal") return "numeric";
  if (base == "timestamp") return "timestamp without time zone";
  if (base == "timestamptz") return "timestamp with time zone";
  if (base == "time") return "time without time zone";
  if (base == "timetz") return "time with time zone";
  if (base == "int" || base == "int4") return "integer";
  if (base == "int8") return "bigint";
  if (base == "int2") return "smallint";
  return std::string(base);
}

bool is_unlimited(const TypeName& type) { return type.arguments.empty(); }

// A missing length or precision is the largest one.
bool widens(const TypeName& from, const TypeName& to) {
  if (is_unlimited(to)) return true;
  return !is_unlimited(from) && to.arguments.front() >= from.arguments.front();
}

bool widens_numeric(const TypeName& from, const TypeName& to) {
  const auto scale = [](const TypeName& t) { return t.arguments.size() > 1 ? t.arguments[1] : 0; };
  return is_unlimited(to) || (widens(from, to) && scale(from) == scale(to));
}

bool grows_by_length(const std::string& base) {
  return base == "interval" || base == "character varying" || base == "bit varying" || base == "timestamp without time zone" ||
         base == "timestamp with time zone" || base == "time without time zone" || base == "time with time zone";
}

struct SameBytes {
  std::string_view from, to;
};

// Source: pg_cast of PostgreSQL 15, casts without function; citext's own script.
constexpr std::array kSameBytes = {
    SameBytes{"character varying", "text"},   SameBytes{"text", "character varying"}, SameBytes{"cidr", "inet"},
    SameBytes{"bit", "bit varying"},          SameBytes{"xml", "text"},               SameBytes{"xml", "character varying"},
    SameBytes{"integer", "oid"},              SameBytes{"oid", "integer"},            SameBytes{"text", "citext"},
    SameBytes{"character varying", "citext"}, SameBytes{"citext", "text"},            SameBytes{"citext", "character varying"}};

bool same_bytes(const TypeName& from, const TypeName& to) {
  if (!is_unlimited(to)) return false;  // a length must be checked row by row
  return std::any_of(kSameBytes.begin(), kSameBytes.end(), [&](const SameBytes& pair) { return pair.from == from.base && pair.to == to.base; });
}

TypeName canonical_type(std::string_view text) {
  TypeName type = split(text);
  type.base = canonical(type.base);
  return type;
}

bool is_free(const TypeName& from, const TypeName& to) {
  if (from.base != to.base) return same_bytes(from, to);
  if (from.base == "numeric") return widens_numeric(from, to);
  if (grows_by_length(from.base)) return widens(from, to);
  return from.arguments == to.arguments;
}

bool is_text(const std::string& base) { return base == "text" || base == "character varying"; }

}  // namespace

bool is_metadata_only_type_change(std::string_view from, std::string_view to, std::string_view using_sql, std::string_view column) {
  const TypeName a = canonical_type(from), b = canonical_type(to);
  if (using_sql.empty() || using_sql == column) return is_free(a, b);
  const std::string cast = std::string(column) + "::";
  if (column.empty() || !using_sql.starts_with(cast)) return false;
  const TypeName between = canonical_type(using_sql.substr(cast.size()));
  return is_free(a, between) && is_free(between, b);
}

bool orders_alike(std::string_view from, std::string_view to) {
  const std::string a = canonical_type(from).base, b = canonical_type(to).base;
  return a == b || (is_text(a) && is_text(b)) || (a == "cidr" && b == "inet");
}

}  // namespace midflight::rules
