#include "sim/sql/qualifier.h"

#include <optional>

#include "sim/sql/footprint.h"

namespace midflight::sql {

std::string qualifier_of(std::string_view statement, const std::string& relation, const std::string& column) {
  const Tree tree(statement, {});
  std::optional<std::string> first;
  for (std::size_t i = 0; i < tree.size(); ++i) {
    resolve_columns(tree.statement(i), nullptr, [&](const PgQuery__ColumnRef& reference, const std::string& of) {
      const std::size_t parts = reference.n_fields;
      if (first || of != relation || parts == 0 || string_of(reference.fields[parts - 1]) != column) return;
      first = parts == 1 ? "" : string_of(reference.fields[parts - 2]);
    });
  }
  return first.value_or("");
}

}  // namespace midflight::sql
