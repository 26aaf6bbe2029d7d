#include "sim/sql/server_functions.h"

#include <string>
#include <unordered_map>
#include <unordered_set>

namespace midflight::sql {
namespace {

/// Whether it is volatile, by name.
const std::unordered_map<std::string_view, bool>& listed_functions() {
  static const auto kFunctions = [] {
    std::unordered_map<std::string_view, bool> out;
    for (std::string_view rest = kServerFunctionNames; !rest.empty();) {
      std::string_view name = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(name.size() + 1, rest.size()));
      const bool is_volatile = name.ends_with('!');
      if (is_volatile) name.remove_suffix(1);
      out.emplace(name, is_volatile);
    }
    return out;
  }();
  return kFunctions;
}

/// Words of the grammar in front of a bracket, which no catalog lists.
bool is_written_like_one(std::string_view name) {
  static const std::unordered_set<std::string_view> kWords = {
      "all", "any", "array", "case", "cast", "coalesce", "collation", "current_time", "current_timestamp", "distinct", "exists",
      "extract", "greatest", "grouping", "interval", "json", "json_array", "json_arrayagg", "json_exists", "json_object",
      "json_objectagg", "json_query", "json_scalar", "json_serialize", "json_value", "least", "localtime", "localtimestamp",
      "merge_action", "normalize", "not", "nullif", "overlay", "position", "row", "substring", "treat", "trim", "xmlconcat",
      "xmlelement", "xmlexists", "xmlforest", "xmlparse", "xmlpi", "xmlroot", "xmlserialize"};
  return kWords.contains(name);
}

bool is_of_extension(std::string_view name) {
  return name == "gen_random_bytes" || name == "gen_salt" || name.starts_with("uuid_generate_");
}

}  // namespace

bool is_server_function(std::string_view name) {
  return name.starts_with("pg_") || listed_functions().contains(name) || is_written_like_one(name);
}

bool is_volatile_function(std::string_view name) {
  const auto found = listed_functions().find(name);
  return found == listed_functions().end() ? is_of_extension(name) : found->second;
}

}  // namespace midflight::sql
