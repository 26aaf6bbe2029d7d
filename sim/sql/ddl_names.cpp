#include "sim/sql/ddl.h"

// DROP, RENAME, SET SCHEMA and OWNER TO of every kind of object.

namespace midflight::sql {
namespace {

struct NameList {
  Node* const* items = nullptr;
  std::size_t count = 0;
};

/// The parts of an object's name, whatever node they come in.
NameList names_in(const Node* object) {
  if (object == nullptr) return {};
  switch (object->node_case) {
    case PG_QUERY__NODE__NODE_LIST: return {object->list->items, object->list->n_items};
    case PG_QUERY__NODE__NODE_TYPE_NAME: return {object->type_name->names, object->type_name->n_names};
    case PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS: return {object->object_with_args->objname, object->object_with_args->n_objname};
    default: return {};
  }
}

/// "not modelled" for what may take along objects that nobody here knows.
Operation drop_unseen(bool cascade, const char* what) {
  if (!cascade) return Harmless{};
  return Opaque{std::string("what depends on ") + what + " and goes with it is not known"};
}

Operation drop_one(const PgQuery__DropStmt& drop, const Node* object) {
  const bool cascade = drop.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE, lenient = drop.missing_ok != 0;
  const std::string name = object_name(object);
  const auto [parts, count] = names_in(object);
  const std::string owner = part_owner(object), part = count > 0 ? string_of(parts[count - 1]) : "";
  switch (drop.remove_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE: return DropTable{name, lenient, cascade};
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX: return DropIndex{name, drop.concurrent != 0, lenient, cascade};
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW: return DropView{name, lenient, cascade};
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW: return DropMaterializedView{name, lenient, cascade};
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE: return DropSequence{name, lenient, cascade};
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER: return DropTrigger{owner, part, lenient};
    case PG_QUERY__OBJECT_TYPE__OBJECT_RULE: return RelationSetting{owner, SettingKind::RewriteRule, part, {false, lenient}};
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY: return RelationSetting{owner, SettingKind::Policy, part, {false, lenient}};
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN: return DropType{name, lenient, cascade};
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA: return DropSchema{name, lenient, cascade};
    case PG_QUERY__OBJECT_TYPE__OBJECT_STATISTIC_EXT: return DropStatistics{name, lenient};
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE: return DropFunction{name, lenient, cascade};
    case PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION: return drop_unseen(cascade, "an extension");
    case PG_QUERY__OBJECT_TYPE__OBJECT_FDW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_SERVER: return drop_unseen(cascade, "a foreign server");
    case PG_QUERY__OBJECT_TYPE__OBJECT_EVENT_TRIGGER:
    case PG_QUERY__OBJECT_TYPE__OBJECT_PUBLICATION: return Harmless{};
    default: return drop_unseen(cascade, "an object of this kind");
  }
}

/// A name in the schema of another.
std::string beside(const std::string& name, const std::string& other) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? other : name.substr(0, dot + 1) + other;
}

std::string in_schema(const std::string& name, const std::string& schema) {
  const std::string bare = name.substr(name.rfind('.') + 1);
  return schema == "public" ? bare : schema + "." + bare;
}

Operation rename_constraint_of_domain(const PgQuery__RenameStmt& rename) {
  AlterDomain out{object_name(rename.object), DomainChange::RenameConstraint};
  out.constraint.name = rename.subname;
  out.to = rename.newname;
  return out;
}

Operation rename_attribute(const PgQuery__RenameStmt& rename) {
  ChangeAttribute out{relation_name(*rename.relation), AttributeChange::Rename};
  out.attribute.name = rename.subname;
  out.to = rename.newname;
  out.cascade = rename.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
  return out;
}

}  // namespace

std::string object_name(const Node* object) {
  const auto [parts, count] = names_in(object);
  return count > 0 ? dotted_name(parts, count) : string_of(object);
}

std::string part_owner(const Node* object) {
  const auto [parts, count] = names_in(object);
  return count > 1 ? dotted_name(parts, count - 1) : "";
}

std::vector<Operation> drop_operations(const PgQuery__DropStmt& drop) {
  std::vector<Operation> out;
  for (std::size_t i = 0; i < drop.n_objects; ++i) out.push_back(drop_one(drop, drop.objects[i]));
  std::vector<std::string> together;
  for (const Operation& one : out) {
    if (const auto* table = std::get_if<DropTable>(&one)) together.push_back(table->table);
  }
  for (Operation& one : out) {
    if (auto* table = std::get_if<DropTable>(&one); table != nullptr && together.size() > 1) table->together = together;
  }
  return out;
}

Operation rename_operation(const PgQuery__RenameStmt& rename) {
  const std::string relation = rename.relation != nullptr ? relation_name(*rename.relation) : "";
  const bool lenient = rename.missing_ok != 0;
  const Reach reach{rename.relation != nullptr && !rename.relation->inh, lenient};
  switch (rename.rename_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN: return RenameColumn{relation, rename.subname, rename.newname, reach};
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW: return RenameTable{relation, beside(relation, rename.newname), lenient};
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX: return RenameIndex{relation, rename.newname, lenient};
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT: return RenameConstraint{relation, rename.subname, rename.newname, reach};
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER: return RenameTrigger{relation, rename.subname, rename.newname};
    case PG_QUERY__OBJECT_TYPE__OBJECT_RULE: return RelationSetting{relation, SettingKind::RewriteRule, rename.subname, reach};
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY: return RelationSetting{relation, SettingKind::Policy, rename.subname, reach};
    case PG_QUERY__OBJECT_TYPE__OBJECT_ATTRIBUTE: return rename_attribute(rename);
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT: return rename_constraint_of_domain(rename);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN: {
      const std::string type = object_name(rename.object);
      return RenameType{type, beside(type, rename.newname)};
    }
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA: return RenameSchema{rename.subname, rename.newname};
    default: return Harmless{};  // functions, roles, publications and the like: no relation is touched
  }
}

Operation set_schema(const PgQuery__AlterObjectSchemaStmt& statement) {
  if (statement.relation != nullptr) return SetSchema{relation_name(*statement.relation), statement.newschema, {false, statement.missing_ok != 0}};
  const bool type = statement.object_type == PG_QUERY__OBJECT_TYPE__OBJECT_TYPE || statement.object_type == PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN;
  if (!type) return Harmless{};
  const std::string name = object_name(statement.object);
  return RenameType{name, in_schema(name, statement.newschema)};
}

}  // namespace midflight::sql
