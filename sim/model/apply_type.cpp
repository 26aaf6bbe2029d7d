#include <fmt/format.h>

#include <algorithm>

#include "sim/model/apply_parts.h"
#include "sim/model/generated_name.h"
#include "sim/model/type_users.h"

// Domains, enums and row types.

namespace midflight::apply_parts {
namespace {

template <class T>
T* find(std::vector<T>& list, const std::string& name) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const T& t) { return t.name == name; });
  return found == list.end() ? nullptr : &*found;
}

std::string no_type(const std::string& name) { return fmt::format("type \"{}\" does not exist", name); }
std::string exists(const std::string& name) { return fmt::format("type \"{}\" already exists", name); }

/// A type may be one that no schema keeps (a range, an extension's): then nothing is known of it.
bool has_type(Schema& schema, const std::string& name) {
  return find(schema.domains, name) || find(schema.enums, name) || find(schema.composites, name);
}

std::string free_name(const Domain& domain) {
  const auto taken = [&](const std::string& name) {
    return std::any_of(domain.constraints.begin(), domain.constraints.end(), [&](const Constraint& c) { return c.name == name; });
  };
  const std::string first = generated_name(domain.name, "", "check");
  std::string name = first;
  for (int n = 1; taken(name); ++n) name = numbered_name(first, domain.name, n);
  return name;
}

std::string no_domain_constraint(const AlterDomain& op) {
  if (op.if_exists) return "";
  return fmt::format("constraint \"{}\" of domain \"{}\" does not exist", op.constraint.name, op.domain);
}

std::string add_constraint(Domain& domain, Constraint constraint) {
  if (constraint.name.empty()) constraint.name = free_name(domain);
  if (find(domain.constraints, constraint.name) != nullptr)
    return fmt::format("constraint \"{}\" for domain \"{}\" already exists", constraint.name, domain.name);
  domain.constraints.push_back(std::move(constraint));
  return "";
}

std::string change_constraint(Domain& domain, const AlterDomain& op) {
  if (op.kind == DomainChange::AddConstraint) return add_constraint(domain, op.constraint);
  Constraint* constraint = find(domain.constraints, op.constraint.name);
  if (constraint == nullptr) return no_domain_constraint(op);
  if (op.kind == DomainChange::ValidateConstraint) constraint->valid = true;
  if (op.kind == DomainChange::RenameConstraint) constraint->name = op.to;
  if (op.kind == DomainChange::DropConstraint) {
    std::erase_if(domain.constraints, [&](const Constraint& c) { return c.name == op.constraint.name; });
  }
  return "";
}

std::string add_label(Enum& type, const ChangeEnum& op) {
  auto& labels = type.labels;
  if (std::find(labels.begin(), labels.end(), op.value) != labels.end())
    return op.if_not_exists ? "" : fmt::format("enum label \"{}\" already exists", op.value);
  auto place = std::find(labels.begin(), labels.end(), op.neighbour);
  if (!op.neighbour.empty() && place == labels.end()) return fmt::format("\"{}\" is not an existing enum label", op.neighbour);
  if (place != labels.end() && op.after) ++place;
  labels.insert(place, op.value);
  return "";
}

/// "table.column" of one that has the row type.
std::string column_with_type(const Schema& schema, const std::string& type) {
  for (const Table& table : schema.tables) {
    for (const Column& column : table.columns) {
      if (same_type(column.type, type) || same_type(column.type, type + "[]")) return table.name + "." + column.name;
    }
  }
  return "";
}

void change_typed_table(Schema& schema, const std::string& table, const ChangeAttribute& op) {
  switch (op.kind) {
    case AttributeChange::Add:  // a heir may have had it before
      if (schema.table(table)->column(op.attribute.name) == nullptr) schema.table(table)->columns.push_back(op.attribute);
      return;
    case AttributeChange::Drop: (void)apply_one(DropColumn{table, op.attribute.name, true, true}, schema); return;
    case AttributeChange::Type: (void)apply_one(AlterColumnType{table, op.attribute.name, op.attribute.type, ""}, schema); return;
    case AttributeChange::Rename: (void)apply_one(RenameColumn{table, op.attribute.name, op.to}, schema); return;
  }
}

std::string change_attribute(Composite& type, const ChangeAttribute& operation) {
  auto& columns = type.columns;
  Column* known = find(columns, operation.attribute.name);
  if (operation.kind == AttributeChange::Add) {
    if (known != nullptr) return fmt::format("column \"{}\" of relation \"{}\" already exists", operation.attribute.name, operation.type);
    columns.push_back(operation.attribute);
    return "";
  }
  if (known == nullptr) return operation.if_exists ? "" : no_column(operation.type, operation.attribute.name);
  if (operation.kind == AttributeChange::Type) known->type = operation.attribute.type;
  if (operation.kind == AttributeChange::Rename) known->name = operation.to;
  if (operation.kind == AttributeChange::Drop) std::erase_if(columns, [&](const Column& c) { return c.name == operation.attribute.name; });
  return "";
}

/// Columns follow the type's new name.
void rename_uses(Schema& schema, const RenameType& op) {
  const auto follow = [&](std::string& type) {
    if (same_type(type, op.from)) type = op.to;
    if (same_type(type, op.from + "[]")) type = op.to + "[]";
  };
  for (Table& table : schema.tables) {
    for (Column& column : table.columns) follow(column.type);
  }
  for (Domain& domain : schema.domains) follow(domain.type);
  for (Composite& composite : schema.composites) {
    for (Column& column : composite.columns) follow(column.type);
  }
}

template <class T>
void rename_in(std::vector<T>& list, const RenameType& op) {
  if (T* type = find(list, op.from)) type->name = op.to;
}

}  // namespace

std::string apply_one(const CreateDomain& operation, Schema& schema) {
  if (has_type(schema, operation.domain.name)) return exists(operation.domain.name);
  Domain domain = operation.domain;
  domain.constraints.clear();
  for (const Constraint& constraint : operation.domain.constraints) {
    if (std::string misfit = add_constraint(domain, constraint); !misfit.empty()) return misfit;
  }
  schema.domains.push_back(std::move(domain));
  return "";
}

std::string apply_one(const AlterDomain& operation, Schema& schema) {
  Domain* domain = find(schema.domains, operation.domain);
  if (domain == nullptr) return has_type(schema, operation.domain) ? fmt::format("{} is not a domain", operation.domain) : no_type(operation.domain);
  switch (operation.kind) {
    case DomainChange::SetNotNull: domain->not_null = true; return "";
    case DomainChange::DropNotNull: domain->not_null = false; return "";
    case DomainChange::Default:
      domain->default_sql.reset();
      if (!operation.to.empty()) domain->default_sql = operation.to;
      return "";
    default: return change_constraint(*domain, operation);
  }
}

std::string apply_one(const CreateEnum& operation, Schema& schema) {
  if (has_type(schema, operation.type.name)) return exists(operation.type.name);
  schema.enums.push_back(operation.type);
  return "";
}

std::string apply_one(const ChangeEnum& operation, Schema& schema) {
  Enum* type = find(schema.enums, operation.type);
  if (type == nullptr) return has_type(schema, operation.type) ? fmt::format("{} is not an enum", operation.type) : no_type(operation.type);
  if (operation.renamed.empty()) return add_label(*type, operation);
  auto& labels = type->labels;
  if (std::find(labels.begin(), labels.end(), operation.value) != labels.end()) return fmt::format("enum label \"{}\" already exists", operation.value);
  const auto old = std::find(labels.begin(), labels.end(), operation.renamed);
  if (old == labels.end()) return fmt::format("\"{}\" is not an existing enum label", operation.renamed);
  *old = operation.value;
  return "";
}

std::string apply_one(const CreateComposite& operation, Schema& schema) {
  if (has_type(schema, operation.type.name)) return exists(operation.type.name);
  schema.composites.push_back(operation.type);
  return "";
}

std::string apply_one(const ChangeAttribute& operation, Schema& schema) {
  Composite* type = find(schema.composites, operation.type);
  if (type == nullptr) return no_type(operation.type);
  if (operation.kind == AttributeChange::Type) {
    if (std::string user = column_with_type(schema, operation.type); !user.empty())
      return fmt::format("cannot alter type \"{}\" because column \"{}\" uses it", operation.type, user);
  }
  const std::vector<std::string> typed = typed_tables(schema, operation.type);
  if (!typed.empty() && !operation.cascade)
    return fmt::format("cannot alter type \"{}\" because it is the type of a typed table", operation.type);
  if (std::string misfit = change_attribute(*type, operation); !misfit.empty()) return misfit;
  for (const std::string& table : typed) change_typed_table(schema, table, operation);
  return "";
}

std::string apply_one(const RenameType& operation, Schema& schema) {
  if (!has_type(schema, operation.from)) return "";  // a kind of type that no schema keeps
  if (has_type(schema, operation.to)) return exists(operation.to);
  rename_in(schema.domains, operation);
  rename_in(schema.enums, operation);
  rename_in(schema.composites, operation);
  rename_uses(schema, operation);
  return "";
}

std::string apply_one(const DropType& operation, Schema& schema) {
  if (!has_type(schema, operation.type)) return "";  // a kind of type that no schema keeps
  const std::vector<std::string> users = tables_with_type(schema, operation.type);
  if (!users.empty() && !operation.cascade)
    return fmt::format("cannot drop type {} because other objects depend on it", operation.type);
  for (const std::string& name : users) {
    if (schema.table(name) == nullptr) continue;  // a materialized view, gone with a column it reads
    const std::vector<Column> columns = schema.table(name)->columns;
    for (const Column& column : columns) {
      if (same_type(column.type, operation.type)) (void)apply_one(DropColumn{name, column.name, true, true}, schema);
    }
  }
  const auto named = [&](const auto& type) { return type.name == operation.type; };
  std::erase_if(schema.domains, named);
  std::erase_if(schema.enums, named);
  std::erase_if(schema.composites, named);
  return "";
}

}  // namespace midflight::apply_parts
