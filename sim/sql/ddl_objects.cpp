#include "sim/model/generated_name.h"
#include "sim/sql/ddl.h"

// Triggers, rules, policies, statistics, publications, comments: what belongs to
// a relation without being a part of its shape.

namespace midflight::sql {
namespace {

using Type = PgQuery__ObjectType;

std::string text_of(const char* text) { return text != nullptr ? text : ""; }

/// Of a relation, but named by itself.
bool is_part(Type type) {
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
    case PG_QUERY__OBJECT_TYPE__OBJECT_RULE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY: return true;
    default: return false;
  }
}

Operation comment_on(Type type, const Node* object) {
  if (is_relation(type)) return RelationSetting{object_name(object), SettingKind::Comment};
  if (type == PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN) return RelationSetting{part_owner(object), SettingKind::Comment};
  if (is_part(type)) return RelationSetting{part_owner(object), SettingKind::CommentOnPart};
  return Harmless{};
}

std::vector<Operation> published(Node* const* objects, std::size_t count) {
  std::vector<Operation> out;
  for (std::size_t i = 0; i < count; ++i) {
    const PgQuery__PublicationObjSpec& object = *objects[i]->publication_obj_spec;
    if (object.pubtable != nullptr) out.emplace_back(RelationSetting{relation_name(*object.pubtable->relation), SettingKind::Publication});
  }
  if (out.empty()) out.emplace_back(Harmless{});
  return out;
}

std::vector<Operation> alter_publication(const PgQuery__AlterPublicationStmt& alter) {
  if (alter.action == PG_QUERY__ALTER_PUBLICATION_ACTION__AP_SetObjects && alter.n_pubobjects > 0)
    return {Opaque{"which tables the publication had before is not known"}};
  return published(alter.pubobjects, alter.n_pubobjects);
}

Operation create_trigger(const PgQuery__CreateTrigStmt& create) {
  Trigger trigger{create.trigname, relation_name(*create.relation), dotted_name(create.funcname, create.n_funcname)};
  trigger.for_each_row = create.row != 0;
  return CreateTrigger{std::move(trigger), create.replace != 0};
}

Operation create_statistics(const PgQuery__CreateStatsStmt& create) {
  if (create.n_relations != 1 || create.relations[0]->node_case != PG_QUERY__NODE__NODE_RANGE_VAR)
    return Opaque{"CREATE STATISTICS over anything but one table"};
  const std::string table = relation_name(*create.relations[0]->range_var);
  std::string name = dotted_name(create.defnames, create.n_defnames);
  if (name.empty()) name = generated_name(table, "", "stat");
  return CreateStatistics{{std::move(name), table}, create.if_not_exists != 0};
}

Operation depends_on_extension(const PgQuery__AlterObjectDependsStmt& alter) {
  if (alter.relation == nullptr) return Harmless{};
  const bool trigger = alter.object_type == PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER;
  return RelationSetting{relation_name(*alter.relation), trigger ? SettingKind::CommentOnPart : SettingKind::ExtensionDependency};
}

Operation extension_member(const PgQuery__AlterExtensionContentsStmt& alter) {
  if (!is_relation(alter.objtype)) return Harmless{};
  return RelationSetting{object_name(alter.object), SettingKind::ExtensionMember};
}

}  // namespace

std::vector<Operation> object_operations(const Node* node) {
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT: return {create_domain(*node->create_domain_stmt)};
    case PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT: return {alter_domain(*node->alter_domain_stmt)};
    case PG_QUERY__NODE__NODE_CREATE_ENUM_STMT: return {create_enum(*node->create_enum_stmt)};
    case PG_QUERY__NODE__NODE_ALTER_ENUM_STMT: return {alter_enum(*node->alter_enum_stmt)};
    case PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT: return {create_composite(*node->composite_type_stmt)};
    case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT: return {create_sequence(*node->create_seq_stmt)};
    case PG_QUERY__NODE__NODE_ALTER_SEQ_STMT: return {alter_sequence(*node->alter_seq_stmt)};
    case PG_QUERY__NODE__NODE_CREATE_TRIG_STMT: return {create_trigger(*node->create_trig_stmt)};
    case PG_QUERY__NODE__NODE_CREATE_STATS_STMT: return {create_statistics(*node->create_stats_stmt)};
    case PG_QUERY__NODE__NODE_RULE_STMT:
      return {RelationSetting{relation_name(*node->rule_stmt->relation), SettingKind::RewriteRule, text_of(node->rule_stmt->rulename)}};
    case PG_QUERY__NODE__NODE_CREATE_POLICY_STMT:
      return {RelationSetting{relation_name(*node->create_policy_stmt->table), SettingKind::Policy, text_of(node->create_policy_stmt->policy_name)}};
    case PG_QUERY__NODE__NODE_ALTER_POLICY_STMT:
      return {RelationSetting{relation_name(*node->alter_policy_stmt->table), SettingKind::Policy, text_of(node->alter_policy_stmt->policy_name)}};
    case PG_QUERY__NODE__NODE_COMMENT_STMT: return {comment_on(node->comment_stmt->objtype, node->comment_stmt->object)};
    case PG_QUERY__NODE__NODE_SEC_LABEL_STMT: return {comment_on(node->sec_label_stmt->objtype, node->sec_label_stmt->object)};
    case PG_QUERY__NODE__NODE_CREATE_PUBLICATION_STMT:
      return published(node->create_publication_stmt->pubobjects, node->create_publication_stmt->n_pubobjects);
    case PG_QUERY__NODE__NODE_ALTER_PUBLICATION_STMT: return alter_publication(*node->alter_publication_stmt);
    case PG_QUERY__NODE__NODE_ALTER_OBJECT_DEPENDS_STMT: return {depends_on_extension(*node->alter_object_depends_stmt)};
    case PG_QUERY__NODE__NODE_ALTER_EXTENSION_CONTENTS_STMT: return {extension_member(*node->alter_extension_contents_stmt)};
    default: return {};
  }
}

}  // namespace midflight::sql
