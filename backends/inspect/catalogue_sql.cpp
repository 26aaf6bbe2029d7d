#include "backends/inspect/catalogue_sql.h"

namespace midflight::backends {

std::string catalogue_query(std::string_view select) {
  constexpr std::string_view kNames = R"sql(
WITH guests AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
     ours AS (SELECT oid, nspname FROM pg_namespace n
              WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
                AND NOT EXISTS (SELECT FROM guests WHERE classid = 'pg_namespace'::regclass AND objid = n.oid))
)sql";
  return std::string(kNames).append(select);
}

std::string sequence_options(bool with_type) {
  std::string options(kSequenceOptions);
  return options.replace(options.find("%1"), 2, with_type ? "true" : "false");
}

}  // namespace midflight::backends
