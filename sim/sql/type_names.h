#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/error.h"

namespace midflight::sql {

/// A type that a statement names and nobody has defined.
struct UnknownType {
  std::string name;
  Position where;
};

/// The names of types that PostgreSQL has, and those that SQL text adds to them.
///
/// Scope:  names of columns, row types and domains, and of casts beside them; not
///         those of functions.  A name counts whatever schema it stands in.  Text that
///         creates an extension not known here may name any type.
/// Source: pg_type of PostgreSQL 15; the extensions' own manual pages.
class TypeNames {
 public:
  TypeNames();

  /// Adds what the statements create: types, domains, tables and views as row
  /// types, the types of extensions.  Errors: as parse().
  void add(std::string_view ddl);

  /// The types of tables, domains and row types in the text that are not known, in order.
  /// Errors: as parse().
  std::vector<UnknownType> unknown_in(std::string_view ddl, const Position& where = {}) const;

  /// Every known name, for suggestions.
  std::vector<std::string_view> all() const { return {names_.begin(), names_.end()}; }

 private:
  bool has(const std::string& name) const;
  void add_extension(const std::string& extension);

  std::set<std::string> names_;
  bool any_ = false;  ///< an extension may have brought any type
};

}  // namespace midflight::sql
