#include <array>
#include <string_view>

#include "sim/rules/family.h"

// Settings of a relation: one kind, one line.
//
// Source: AlterTableGetLockLevel() as described in the manual, ALTER TABLE,
//         versions 12 to 18; lock modes observed on PostgreSQL 15.
// Scope:  a setting changes catalog rows only, whatever the relation's size.

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
};

const SettingRule& rule_of(SettingKind kind) {
  for (const SettingRule& rule : kSettings) {
    if (rule.kind == kind) return rule;
  }
  return kSettings.front();
}

// Parameters that readers or writers of the table depend on while they run.
constexpr std::array<std::string_view, 6> kExclusiveParameters = {
    "user_catalog_table", "security_barrier", "security_invoker", "check_option", "fastupdate", "buffering"};

LockMode mode_of(const RelationSetting& op) {
  if (op.kind == SettingKind::Parameter) {
    for (std::string_view name : kExclusiveParameters) {
      if (op.name == name) return AccessExclusiveLock;
    }
  }
  return rule_of(op.kind).mode;
}

}  // namespace

LocksAndWork postgresql(const RelationSetting& op, const Context& context) {
  LocksAndWork result = one_phase({{op.relation, mode_of(op)}}, {metadata_of(op.relation)});
  if (!rule_of(op.kind).reaches_heirs || op.reach.only) return result;
  for (const std::string& heir : context.schema.heirs(op.relation)) add_lock(result.phases.front().locks, {heir, mode_of(op)});
  return result;
}

}  // namespace midflight::rules
