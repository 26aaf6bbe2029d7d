#include "sim/rules/type_change.h"

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
  return base == "character varying" || base == "bit varying" || base == "timestamp without time zone" ||
         base == "timestamp with time zone" || base == "time without time zone" || base == "time with time zone";
}

bool same_bytes(const TypeName& from, const TypeName& to) {
  if (from.base == "character varying" && to.base == "text") return true;
  if (from.base == "text" && to.base == "character varying") return is_unlimited(to);
  return from.base == "cidr" && to.base == "inet";
}

}  // namespace

bool is_metadata_only_type_change(std::string_view from, std::string_view to, std::string_view using_sql) {
  if (!using_sql.empty()) return false;
  TypeName a = split(from), b = split(to);
  a.base = canonical(a.base);
  b.base = canonical(b.base);
  if (a.base != b.base) return same_bytes(a, b);
  if (a.base == "numeric") return widens_numeric(a, b);
  if (grows_by_length(a.base)) return widens(a, b);
  return a.arguments == b.arguments;
}

}  // namespace midflight::rules
