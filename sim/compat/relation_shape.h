#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/model/schema.h"
#include "sim/model/statement.h"

namespace midflight::compat {

/// One column as statements see it: its name, and what lies behind it.
struct SeenColumn {
  std::string name;
  std::string base;  ///< column of the base table; empty for an expression
  std::string type;  ///< empty for an expression
  bool operator==(const SeenColumn&) const = default;
};

/// A table or view as statements see it.
struct RelationShape {
  const Table* base = nullptr;  ///< null: a view that is not followed; then `columns` is empty
  const View* view = nullptr;
  std::vector<SeenColumn> columns;

  const SeenColumn* column(const std::string& name) const;
  /// The base column behind a name; empty when there is none.
  std::string base_column(const std::string& name) const;
  bool followed() const { return base != nullptr; }
};

/// Nothing when the schema has no such relation.
std::optional<RelationShape> relation_shape(const Schema& schema, const std::string& relation);

/// Relations that exist in every database and are not modelled.
bool is_catalog(const std::string& relation);

/// The accesses with unqualified columns of joins, and INSERTs without a list
/// of columns, resolved under the schema.
std::vector<Access> resolved_accesses(const Statement& statement, const Schema& schema);

}  // namespace midflight::compat
