#include "sim/rules/family.h"

// Source: PostgreSQL manual, CREATE INDEX, "Building Indexes Concurrently", and
//         DROP INDEX; lock modes observed on PostgreSQL 15.20.
// Scope:  REINDEX is not covered.

namespace midflight::rules {
namespace {

Phase waiting_phase(PhaseWait wait, Work work) {
  Phase phase;
  phase.wait = wait;
  phase.work = {std::move(work)};
  return phase;
}

// The catalog entry; the build once every older writer is gone; a second pass
// for what was written meanwhile; valid once no older snapshot can miss rows.
LocksAndWork build_concurrently(const std::string& table) {
  LocksAndWork result = one_phase({{table, LockMode::ShareUpdateExclusiveLock}}, {metadata_of(table)});
  result.phases.push_back(waiting_phase(PhaseWait::LockHolders, index_build_of(table)));
  result.phases.push_back(waiting_phase(PhaseWait::LockHolders, scan_of(table)));
  result.phases.push_back(waiting_phase(PhaseWait::OldSnapshots, metadata_of(table)));
  result.transaction_forbidden = true;
  return result;
}

LocksAndWork drop_concurrently(const std::string& table) {
  LocksAndWork result = one_phase({{table, LockMode::ShareUpdateExclusiveLock}}, {metadata_of(table)});
  result.phases.push_back(waiting_phase(PhaseWait::AllLockHolders, metadata_of(table)));
  result.phases.push_back(waiting_phase(PhaseWait::AllLockHolders, metadata_of(table)));
  result.transaction_forbidden = true;
  return result;
}

}  // namespace

LocksAndWork postgresql(const CreateIndex& op, const Context& context) {
  const std::string& table = op.index.table;
  if (op.if_not_exists && context.schema.index(op.index.name)) {
    LocksAndWork nothing = one_phase({{table, op.concurrently ? LockMode::ShareUpdateExclusiveLock : LockMode::ShareLock}},
                                     {metadata_of(table)});
    nothing.transaction_forbidden = op.concurrently;
    return nothing;
  }
  if (op.concurrently) return build_concurrently(table);
  return one_phase({{table, LockMode::ShareLock}}, {index_build_of(table)});
}

LocksAndWork postgresql(const DropIndex& op, const Context& context) {
  const Index* index = context.schema.index(op.index);
  if (!index) {
    LocksAndWork nothing = one_phase({}, {});
    nothing.transaction_forbidden = op.concurrently;
    return nothing;
  }
  if (op.concurrently) return drop_concurrently(index->table);
  return exclusive_metadata(index->table);
}

// The index is locked, its table is not.
LocksAndWork postgresql(const RenameIndex& op, const Context& context) {
  const LockMode mode =
      context.dialect.version >= 12 ? LockMode::ShareUpdateExclusiveLock : LockMode::AccessExclusiveLock;
  return one_phase({{op.from, mode}}, {metadata_of(op.from)});
}

}  // namespace midflight::rules
