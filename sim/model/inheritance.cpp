#include "sim/model/inheritance.h"

#include <algorithm>

#include "sim/model/generated_name.h"

namespace midflight {
namespace {

bool is_indexed(const Constraint& constraint) {
  return constraint.kind == ConstraintKind::PrimaryKey || constraint.kind == ConstraintKind::Unique ||
         constraint.kind == ConstraintKind::Exclude;
}

/// Only partitions share keys and foreign keys; any heir shares checks.
bool is_shared(const Constraint& constraint, const Table& parent) {
  if (constraint.kind == ConstraintKind::Check || constraint.kind == ConstraintKind::NotNull) return !constraint.no_inherit;
  return parent.kind == TableKind::Partitioned;
}

Constraint share_of(const Constraint& constraint, const Table& parent, const std::string& heir) {
  Constraint share = constraint;
  if (!is_indexed(constraint)) return share;
  Index index;
  index.name = constraint.name;
  index.columns = constraint.columns;
  index.constraint = true;
  Table owner = parent;
  owner.constraints.push_back(constraint);
  index.parts = constraint.parts;
  share.name = copied_index_name(heir, index, owner);
  share.made_up = true;
  return share;
}

/// The name a constraint of the parent has on the heir.
std::string name_on(const Schema& schema, const std::string& heir, const std::string& constraint) {
  for (const Index& index : schema.table(heir)->indexes) {
    if (!index.parent.empty() && index.parent == constraint) return index.name;
  }
  return constraint;
}

struct Share {
  const Schema& schema;
  const Table& parent;
  const std::string& heir;
  std::vector<Operation>& out;

  template <class Op>
  void same(Op op) const {
    op.table = heir;
    out.emplace_back(std::move(op));
  }

  void operator()(const AddColumn& op) const {
    AddColumn share = op;
    share.constraints.clear();
    for (const Constraint& c : op.constraints) {
      if (is_shared(c, parent)) share.constraints.push_back(share_of(c, parent, heir));
    }
    same(std::move(share));
  }
  void operator()(const AddConstraint& op) const {
    if (op.constraint.kind == ConstraintKind::PrimaryKey && parent.kind != TableKind::Partitioned) not_null(op);
    if (!is_shared(op.constraint, parent)) return;
    AddConstraint share = op;
    share.constraint = share_of(op.constraint, parent, heir);
    same(std::move(share));
  }
  void operator()(const ValidateConstraint& op) const {
    ValidateConstraint share = op;
    share.constraint = name_on(schema, heir, op.constraint);
    if (has(share.constraint)) same(std::move(share));
  }
  void operator()(const DropConstraint& op) const {
    DropConstraint share = op;
    share.constraint = name_on(schema, heir, op.constraint);
    if (has(share.constraint)) same(std::move(share));
  }
  void operator()(const RenameConstraint& op) const {
    if (has(op.from)) same(op);
  }
  void operator()(const DropColumn& op) const { same(op); }
  void operator()(const RenameColumn& op) const { same(op); }
  void operator()(const AlterColumnType& op) const { same(op); }
  void operator()(const SetNotNull& op) const { same(op); }
  void operator()(const DropNotNull& op) const { same(op); }
  void operator()(const SetDefault& op) const { same(op); }
  void operator()(const DropExpression& op) const { same(op); }
  void operator()(const SetExpression& op) const { same(op); }
  template <class Op>
  void operator()(const Op&) const {}

  /// Heirs do not get the key, but what it says of nulls.
  void not_null(const AddConstraint& key) const {
    const Index* index = key.using_index.empty() ? nullptr : schema.index(key.using_index);
    for (const std::string& column : index != nullptr ? index->columns : key.constraint.columns) {
      out.emplace_back(SetNotNull{heir, column, key.reach});
    }
  }

  bool has(const std::string& constraint) const {
    const std::vector<Constraint>& all = schema.table(heir)->constraints;
    return std::any_of(all.begin(), all.end(), [&](const Constraint& c) { return c.name == constraint; });
  }
};

/// The table an ALTER TABLE works on; null for anything else, and with ONLY.
struct Target {
  const Schema& schema;
  template <class Op>
  const Table* operator()(const Op& op) const {
    if constexpr (requires { op.reach; op.table; }) return op.reach.only ? nullptr : schema.table(op.table);
    else return nullptr;
  }
};

bool is_missing(const Schema& schema, const std::string& relation) {
  return schema.table(relation) == nullptr && schema.view(relation) == nullptr && schema.index(relation) == nullptr &&
         schema.sequence(relation) == nullptr;
}

struct ConcernsNothing {
  const Schema& schema;
  bool operator()(const RenameTable& op) const { return op.if_exists && is_missing(schema, op.from); }
  template <class Op>
  bool operator()(const Op& op) const {
    if constexpr (requires { op.reach; op.table; }) return op.reach.lenient && is_missing(schema, op.table);
    else if constexpr (requires { op.reach; op.relation; }) return op.reach.lenient && is_missing(schema, op.relation);
    else return false;
  }
};

/// What a parent decides for its heirs cannot be decided by one of them, nor without them.
struct FamilyRefusal {
  const Schema& schema;

  std::string operator()(const AddColumn& op) const {
    const Table* table = schema.table(op.table);
    if (table != nullptr && !table->bound.empty()) return "cannot add column to a partition";
    return op.reach.only && !schema.children(op.table).empty() ? "column must be added to child tables too" : "";
  }
  std::string operator()(const DropColumn& op) const { return is_inherited(op.table, op.column) ? "cannot drop inherited column \"" + op.column + "\"" : ""; }
  std::string operator()(const RenameColumn& op) const {
    if (op.reach.only && !schema.children(op.table).empty()) return "inherited column \"" + op.from + "\" must be renamed in child tables too";
    return is_inherited(op.table, op.from) ? "cannot rename inherited column \"" + op.from + "\"" : "";
  }
  std::string operator()(const AlterColumnType& op) const {
    return is_inherited(op.table, op.column) ? "cannot alter inherited column \"" + op.column + "\"" : "";
  }
  std::string operator()(const DropConstraint& op) const {
    return has_above(op.table, op.constraint) ? "cannot drop inherited constraint \"" + op.constraint + "\" of relation \"" + op.table + "\"" : "";
  }
  std::string operator()(const RenameConstraint& op) const {
    return has_above(op.table, op.from) ? "cannot rename inherited constraint \"" + op.from + "\"" : "";
  }
  template <class Op>
  std::string operator()(const Op&) const { return ""; }

  /// A CHECK of a table above, under its name.
  bool has_above(const std::string& table, const std::string& constraint) const {
    const Table* heir = schema.table(table);
    if (heir == nullptr) return false;
    return std::any_of(heir->parents.begin(), heir->parents.end(), [&](const std::string& name) {
      const Table* above = schema.table(name);
      return above != nullptr && std::any_of(above->constraints.begin(), above->constraints.end(), [&](const Constraint& c) {
        return c.kind == ConstraintKind::Check && c.name == constraint && !c.no_inherit;
      });
    });
  }

  bool is_inherited(const std::string& table, const std::string& column) const {
    const Table* heir = schema.table(table);
    if (heir == nullptr) return false;
    return std::any_of(heir->parents.begin(), heir->parents.end(), [&](const std::string& name) {
      const Table* above = schema.table(name);
      return above != nullptr && above->column(column) != nullptr;
    });
  }
};

}  // namespace

std::string refused_by_family(const Operation& operation, const Schema& schema) {
  return std::visit(FamilyRefusal{schema}, operation);
}

std::vector<Operation> operations_on_heirs(const Operation& operation, const Schema& schema) {
  std::vector<Operation> out;
  const Table* parent = std::visit(Target{schema}, operation);
  if (parent == nullptr) return out;
  for (const std::string& heir : schema.children(parent->name)) std::visit(Share{schema, *parent, heir, out}, operation);
  return out;
}

bool concerns_nothing(const Operation& operation, const Schema& schema) {
  return std::visit(ConcernsNothing{schema}, operation);
}

}  // namespace midflight
