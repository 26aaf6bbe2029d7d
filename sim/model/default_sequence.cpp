#include "sim/model/default_sequence.h"

#include <algorithm>

namespace midflight {

std::string default_sequence(std::string_view default_sql) {
  constexpr std::string_view kBegin = "nextval('", kPublic = "public.";
  if (!default_sql.starts_with(kBegin)) return "";
  default_sql.remove_prefix(kBegin.size());
  std::string name(default_sql.substr(0, default_sql.find('\'')));
  std::erase(name, '"');
  return name.starts_with(kPublic) ? name.substr(kPublic.size()) : name;
}

}  // namespace midflight
