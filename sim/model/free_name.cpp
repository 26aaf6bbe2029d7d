#include "sim/model/free_name.h"

#include <algorithm>
#include <variant>

#include "sim/model/called.h"
#include "sim/model/generated_name.h"

namespace midflight {
namespace {

bool is_key(const Constraint& c) {
  return c.kind == ConstraintKind::PrimaryKey || c.kind == ConstraintKind::Unique || c.kind == ConstraintKind::Exclude;
}

/// Nearly all names of a long list are told apart by their last letters, before anything looks for a point in them.
bool ends_with(std::string_view name, std::string_view end) {
  return name.size() >= end.size() && !end.empty() && name.back() == end.back() && name.ends_with(end);
}

std::string_view bare(std::string_view name) { return name.substr(name.rfind('.') + 1); }

/// Who has which name in the place where a table lies.
struct Neighbours {
  const Schema& schema;
  const Table& table;

  bool has_relation(std::string_view name) const {
    return has(schema.tables, name) || has(schema.views, name) || has(schema.sequences, name) || has(schema.composites, name) ||
           has_index(table, name) || std::any_of(schema.tables.begin(), schema.tables.end(), [&](const Table& other) { return has_index(other, name); });
  }
  bool has_constraint(std::string_view name) const {
    return has_constraint(table, name) ||
           std::any_of(schema.tables.begin(), schema.tables.end(), [&](const Table& other) { return has_constraint(other, name); });
  }

 private:
  bool is_here(std::string_view name) const { return schema_of(name) == schema_of(table.name); }
  template <class Named>
  bool has(const std::vector<Named>& all, std::string_view name) const {
    return std::any_of(all.begin(), all.end(), [&](const Named& one) { return ends_with(one.name, name) && bare(one.name) == name && is_here(one.name); });
  }
  bool has_index(const Table& owner, std::string_view name) const {
    return std::any_of(owner.indexes.begin(), owner.indexes.end(), [&](const Index& i) { return is_called(i.name, name); }) && is_here(owner.name);
  }
  bool has_constraint(const Table& owner, std::string_view name) const {
    return std::any_of(owner.constraints.begin(), owner.constraints.end(), [&](const Constraint& c) { return is_called(c.name, name); }) && is_here(owner.name);
  }
};

template <class Taken>
std::string numbered(const std::string& first, const Table& table, const Taken& taken) {
  std::string name = first;
  for (int n = 1; taken(name); ++n) name = numbered_name(first, table.name, n);
  return name;
}

std::string free_constraint_name(const Schema& schema, const Table& table, const std::string& first) {
  const Neighbours all{schema, table};
  return numbered(first, table, [&](const std::string& name) { return all.has_constraint(name); });
}

/// Names the constraint; `table` has it from then on.
void choose(Constraint& c, const Schema& schema, Table& table) {
  if (c.made_up) c.name = is_key(c) ? free_key_name(schema, table, c.name) : free_constraint_name(schema, table, c.name);
  c.made_up = false;
  table.constraints.push_back(c);
}

/// A table with the names of the one that is there.
Table names_of(const Schema& schema, const std::string& name) {
  Table out;
  if (const Table* known = schema.table(name)) out.constraints = known->constraints;
  out.name = name;
  return out;
}

struct Chooser {
  const Schema& schema;

  void operator()(CreateIndex& op) const {
    if (op.index.made_up) op.index.name = free_relation_name(schema, names_of(schema, op.index.table), op.index.name);
    op.index.made_up = false;
  }
  void operator()(AddConstraint& op) const {
    Table table = names_of(schema, op.table);
    if (op.using_index.empty()) choose(op.constraint, schema, table);
    op.constraint.made_up = false;
  }
  void operator()(AddColumn& op) const {
    Table table = names_of(schema, op.table);
    for (Constraint& c : op.constraints) choose(c, schema, table);
  }
  /// The parser has numbered what the table itself has twice.
  void operator()(CreateTable& op) const {
    Table others;
    others.name = op.table.name;
    for (Constraint& c : op.table.constraints) {
      const std::string first = c.name;
      choose(c, schema, others);
      for (Index& index : op.table.indexes) {
        if (index.constraint && index.name == first) index.name = c.name;
      }
    }
  }
  template <class Other>
  void operator()(Other&) const {}
};

struct IsOpen {
  bool operator()(const CreateIndex& op) const { return op.index.made_up; }
  bool operator()(const AddConstraint& op) const { return op.constraint.made_up; }
  bool operator()(const AddColumn& op) const { return any(op.constraints); }
  bool operator()(const CreateTable& op) const { return any(op.table.constraints); }
  template <class Other>
  bool operator()(const Other&) const { return false; }

  static bool any(const std::vector<Constraint>& all) {
    return std::any_of(all.begin(), all.end(), [](const Constraint& c) { return c.made_up; });
  }
};

}  // namespace

std::string free_relation_name(const Schema& schema, const Table& table, const std::string& first) {
  const Neighbours all{schema, table};
  return numbered(first, table, [&](const std::string& name) { return all.has_relation(name); });
}

std::string free_key_name(const Schema& schema, const Table& table, const std::string& first) {
  const Neighbours all{schema, table};
  return numbered(first, table, [&](const std::string& name) { return all.has_relation(name) || all.has_constraint(name); });
}

std::string free_sequence_name(const Schema& schema, const Table& table, const std::string& first) {
  const std::string name = free_relation_name(schema, table, first);
  const std::string_view place = schema_of(table.name);
  return place == "public" ? name : std::string(place) + "." + name;
}

Operation with_names(Operation operation, const Schema& schema) {
  std::visit(Chooser{schema}, operation);
  return operation;
}

bool leaves_names_open(const Operation& operation) { return std::visit(IsOpen{}, operation); }

}  // namespace midflight
