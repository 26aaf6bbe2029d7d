#include <algorithm>
#include <array>
#include <string_view>

#include "sim/rules/family.h"

// Settings of a relation: one kind, one line.
//
// Source: AlterTableGetLockLevel() as described in the manual, ALTER TABLE,
//         versions 12 to 18; lock modes observed on PostgreSQL 15.
// Scope:  a setting changes catalog rows only, whatever the relation's size.
//         Every trigger counts as a row trigger.

namespace midflight::rules {
namespace {

using enum LockMode;

struct SettingRule {
  SettingKind kind;
  LockMode mode;
  bool reaches_heirs;  ///< partitions and inheriting tables are locked and changed too, unless ONLY is said
};

constexpr std::array kSettings = {
    SettingRule{SettingKind::Statistics, ShareUpdateExclusiveLock, true},
    SettingRule{SettingKind::ColumnOptions, ShareUpdateExclusiveLock, false},
    SettingRule{SettingKind::ColumnStorage, AccessExclusiveLock, true},
    SettingRule{SettingKind::ColumnCompression, AccessExclusiveLock, false},
    SettingRule{SettingKind::ForeignOptions, AccessExclusiveLock, false},
    SettingRule{SettingKind::Owner, AccessExclusiveLock, false},
    SettingRule{SettingKind::ClusterOn, ShareUpdateExclusiveLock, false},
    SettingRule{SettingKind::ClusterOff, ShareUpdateExclusiveLock, false},
    SettingRule{SettingKind::Parameter, ShareUpdateExclusiveLock, false},
    SettingRule{SettingKind::Trigger, ShareRowExclusiveLock, false},
    SettingRule{SettingKind::Rule, AccessExclusiveLock, false},
    SettingRule{SettingKind::TableType, AccessExclusiveLock, false},
    SettingRule{SettingKind::ReplicaIdentity, AccessExclusiveLock, false},
    SettingRule{SettingKind::RowSecurity, AccessExclusiveLock, false},
    SettingRule{SettingKind::Deferrability, AccessExclusiveLock, false},
    SettingRule{SettingKind::DropOids, AccessExclusiveLock, false},
    SettingRule{SettingKind::Comment, ShareUpdateExclusiveLock, false},
    SettingRule{SettingKind::CommentOnPart, AccessShareLock, false},  // of a constraint, trigger, rule or policy
    SettingRule{SettingKind::Policy, AccessExclusiveLock, false},
    SettingRule{SettingKind::RewriteRule, AccessExclusiveLock, false},
    SettingRule{SettingKind::ViewDefault, AccessExclusiveLock, false},
    SettingRule{SettingKind::Publication, ShareUpdateExclusiveLock, false},
    SettingRule{SettingKind::ExtensionMember, ShareUpdateExclusiveLock, false},
    SettingRule{SettingKind::ExtensionDependency, AccessExclusiveLock, false},
    SettingRule{SettingKind::ConstraintInheritance, AccessExclusiveLock, false},
    SettingRule{SettingKind::Privilege, AccessShareLock, false},  // from version 18; none before
};

const SettingRule& rule_of(SettingKind kind) {
  for (const SettingRule& rule : kSettings) {
    if (rule.kind == kind) return rule;
  }
  return kSettings.front();
}

// Parameters that readers or writers of the table depend on while they run.
constexpr std::array<std::string_view, 7> kExclusiveParameters = {
    "user_catalog_table", "fastupdate", "gin_pending_list_limit", "buffering", "pages_per_range", "autosummarize", "length"};

LockMode mode_of(const RelationSetting& op, const Schema& schema) {
  if (schema.view(op.relation) && op.kind < SettingKind::Comment) return AccessExclusiveLock;
  if (op.kind == SettingKind::Parameter) {
    for (std::string_view name : kExclusiveParameters) {
      if (op.name == name) return AccessExclusiveLock;
    }
  }
  return rule_of(op.kind).mode;
}

// A row trigger of a partitioned table has its share on every partition.
bool reaches_heirs(const RelationSetting& op, const Schema& schema) {
  if (op.reach.only) return false;
  if (op.kind != SettingKind::Trigger) return rule_of(op.kind).reaches_heirs;
  const Table* table = schema.table(op.relation);
  return table && table->kind == TableKind::Partitioned && std::any_of(schema.triggers.begin(), schema.triggers.end(), [&](const Trigger& t) {
    return t.table == op.relation && (op.name.empty() || t.name == op.name);
  });
}

// What changes with the relation, and the index that the setting names.
void lock_companions(LocksAndWork& result, const RelationSetting& op, const Schema& schema) {
  if (op.kind == SettingKind::Owner) {
    lock_indexes(result, schema, op.relation, AccessExclusiveLock);
    for (const std::string& sequence : schema.owned_sequences(op.relation)) lock(result, sequence, AccessExclusiveLock);
  }
  if (op.kind == SettingKind::ClusterOn) lock(result, index_of(op.relation, op.name), ShareUpdateExclusiveLock);
  if (op.kind == SettingKind::ReplicaIdentity && !op.name.empty()) lock(result, index_of(op.relation, op.name), ShareLock);
}

}  // namespace

LocksAndWork postgresql(const RelationSetting& op, const Context& context) {
  if (op.kind == SettingKind::Privilege && context.dialect.version < 18) return one_phase({}, {});
  if (op.kind == SettingKind::ConstraintInheritance && !context.schema.heirs(op.relation).empty())
    return not_understood("what a constraint that is inherited from now on does to the tables below is not followed");
  const LockMode mode = mode_of(op, context.schema);
  LocksAndWork result = one_phase({{op.relation, mode}}, {metadata_of(op.relation)});
  if (reaches_heirs(op, context.schema)) lock_tree(result, context.schema, op.relation, mode);
  lock_companions(result, op, context.schema);
  return result;
}

}  // namespace midflight::rules
