#include "sim/model/type_users.h"
#include "sim/rules/family.h"

// Source: PostgreSQL manual, ALTER DOMAIN, ALTER TYPE; locks observed on PostgreSQL 15.
// Scope:  a type has no lock of a relation's kind; statements that use it wait for
//         nothing.  Row types' own catalog relation is left out.

namespace midflight::rules {
namespace {

LocksAndWork nothing() { return one_phase({}, {}); }

bool checks_rows(const AlterDomain& op, const Schema& schema) {
  if (op.kind == DomainChange::AddConstraint) return op.constraint.valid;
  if (op.kind == DomainChange::SetNotNull) {
    const Domain* domain = schema.domain(op.domain);
    return !domain || !domain->not_null;
  }
  return op.kind == DomainChange::ValidateConstraint;
}

}  // namespace

LocksAndWork postgresql(const CreateDomain&, const Context&) { return nothing(); }
LocksAndWork postgresql(const CreateEnum&, const Context&) { return nothing(); }
LocksAndWork postgresql(const CreateComposite&, const Context&) { return nothing(); }
LocksAndWork postgresql(const RenameType&, const Context&) { return nothing(); }

// Every table with a column of the domain is read, with its writers held off.
LocksAndWork postgresql(const AlterDomain& op, const Context& context) {
  LocksAndWork result = nothing();
  if (!checks_rows(op, context.schema)) return result;
  if (nested_in_other_types(context.schema, op.domain)) return not_understood("values of the domain inside arrays and row types are not followed");
  for (const std::string& table : tables_with_type(context.schema, op.domain)) {
    if (has_rows(context.schema, table)) merge(result, one_phase({{table, LockMode::ShareLock}}, {scan_of(table)}));
  }
  return result;
}

// Before version 12 a new value could not be added in a transaction at all.
LocksAndWork postgresql(const ChangeEnum& op, const Context& context) {
  LocksAndWork result = nothing();
  result.transaction_forbidden = op.renamed.empty() && context.dialect.version < 12;
  return result;
}

// With CASCADE the tables made OF the type change as well.
LocksAndWork postgresql(const ChangeAttribute& op, const Context& context) {
  LocksAndWork result = nothing();
  if (!op.cascade) return result;
  for (const std::string& table : typed_tables(context.schema, op.type)) {
    merge(result, exclusive_metadata(table));
    if (op.kind == AttributeChange::Type) merge(result, rewriting(table, context.schema));
  }
  return result;
}

LocksAndWork postgresql(const DropType& op, const Context& context) {
  LocksAndWork result = nothing();
  if (!op.cascade) return result;
  if (nested_in_other_types(context.schema, op.type)) return not_understood("values of the type inside arrays and row types are not followed");
  for (const std::string& name : tables_with_type(context.schema, op.type)) {
    for (const Column& column : context.schema.table(name)->columns) {
      if (same_type(column.type, op.type)) merge(result, postgresql(DropColumn{name, column.name, false, true}, context));
    }
  }
  return result;
}

}  // namespace midflight::rules
