#include "sim/sql/scope.h"

#include <algorithm>

namespace midflight::sql {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& element) {
  return std::find(list.begin(), list.end(), element) != list.end();
}

/// "users" calls both public.users and audit.users, as in SQL.
std::string last_part(const std::string& name) { return name.substr(name.rfind('.') + 1); }

}  // namespace

std::optional<std::vector<std::string>> relation_columns(const Schema& schema, const std::string& relation) {
  std::vector<std::string> names;
  if (const Table* table = schema.table(relation)) {
    for (const Column& column : table->columns) names.push_back(column.name);
    return names;
  }
  const View* view = schema.view(relation);
  if (view == nullptr || view->table.empty()) return std::nullopt;
  for (const View::Output& output : view->outputs) names.push_back(output.name);
  return names;
}

const Source* Scope::cte(const std::string& name) const {
  for (const Source& source : ctes_) {
    if (source.alias == name) return &source;
  }
  return outer_ != nullptr ? outer_->cte(name) : nullptr;
}

const Source* Scope::resolve(const std::string& qualifier, const std::string& column) const {
  return qualifier.empty() ? unqualified(column) : qualified(qualifier);
}

const Source* Scope::qualified(const std::string& qualifier) const {
  for (const Source& source : sources_) {
    if (source.alias == qualifier || source.alias == last_part(qualifier)) return &source;
  }
  return outer_ != nullptr ? outer_->qualified(qualifier) : nullptr;
}

bool Scope::certainly_has(const Source& source, const std::string& column) const {
  if (source.names) return contains(*source.names, column);
  if (source.relation.empty() || schema_ == nullptr) return false;
  const auto names = relation_columns(*schema_, source.relation);
  return names && contains(*names, column);
}

bool Scope::may_have(const Source& source, const std::string& column) const {
  if (source.names) return contains(*source.names, column);
  if (schema_ == nullptr || source.relation.empty()) return true;
  const auto names = relation_columns(*schema_, source.relation);
  return !names || contains(*names, column);
}

const Source* Scope::only(const std::string& column,
                          bool (Scope::*has)(const Source&, const std::string&) const) const {
  for (const Source& source : sources_) {
    if ((this->*has)(source, column)) return &source;
  }
  return nullptr;
}

const Source* Scope::unqualified(const std::string& column) const {
  if (const Source* sure = only(column, &Scope::certainly_has)) return sure;
  if (outer_ != nullptr && schema_ != nullptr) {
    const Source* maybe = only(column, &Scope::may_have);
    if (maybe != nullptr) return maybe;
    if (const Source* around = outer_->unqualified(column)) return around;
  }
  // A column that nobody has is missed in the first relation: there the server's error points.
  const auto relation = std::find_if(sources_.begin(), sources_.end(), [](const Source& s) { return !s.relation.empty(); });
  if (relation != sources_.end()) return &*relation;
  if (!sources_.empty()) return &sources_.front();
  return outer_ != nullptr ? outer_->unqualified(column) : nullptr;
}

}  // namespace midflight::sql
