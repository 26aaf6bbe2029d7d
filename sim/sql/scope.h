#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/model/schema.h"
#include "sim/model/statement.h"

namespace midflight::sql {

/// What a name in FROM stands for.
struct Source {
  std::string alias;                              ///< by which columns call it
  std::string relation;                           ///< empty: a subquery, a CTE or a function
  std::optional<std::vector<std::string>> names;  ///< of a subquery: its columns, where they are known
};

/// The names one query level can see, and those of the levels around it.
class Scope {
 public:
  Scope(const Scope* outer, const Schema* schema) : outer_(outer), schema_(schema) {}

  void add(Source source) { sources_.push_back(std::move(source)); }
  void add_cte(const std::string& name, std::optional<std::vector<std::string>> columns) {
    ctes_.push_back({name, "", std::move(columns)});
  }
  const std::vector<Source>& sources() const { return sources_; }
  /// The CTE of that name, here or around; null if none.
  const Source* cte(const std::string& name) const;
  /// Where a column comes from; null when nothing fits.
  const Source* resolve(const std::string& qualifier, const std::string& column) const;

 private:
  const Source* qualified(const std::string& qualifier) const;
  const Source* unqualified(const std::string& column) const;
  bool certainly_has(const Source& source, const std::string& column) const;
  bool may_have(const Source& source, const std::string& column) const;
  const Source* only(const std::string& column, bool (Scope::*has)(const Source&, const std::string&) const) const;

  const Scope* outer_;
  const Schema* schema_;
  std::vector<Source> sources_, ctes_;
};

/// Columns a relation shows under a schema; nothing when it is unknown.
std::optional<std::vector<std::string>> relation_columns(const Schema& schema, const std::string& relation);

}  // namespace midflight::sql
