#include <algorithm>

#include "sim/rules/family.h"

// Source: PostgreSQL manual, ALTER TABLE, "ATTACH PARTITION" and "DETACH PARTITION".

namespace midflight::rules {

LocksAndWork postgresql(const AttachPartition& op, const Context&) {
  return one_phase({{op.table, LockMode::ShareUpdateExclusiveLock}, {op.partition, LockMode::AccessExclusiveLock}},
                   {metadata_of(op.table), scan_of(op.partition)});
}

LocksAndWork postgresql(const DetachPartition& op, const Context&) {
  return one_phase({{op.table, LockMode::AccessExclusiveLock}, {op.partition, LockMode::AccessExclusiveLock}},
                   {metadata_of(op.table)});
}

LocksAndWork postgresql(const ChangeInheritance& op, const Context&) {
  const LockMode parent = op.inherits ? LockMode::ShareUpdateExclusiveLock : LockMode::AccessShareLock;
  return one_phase({{op.table, LockMode::AccessExclusiveLock}, {op.parent, parent}}, {metadata_of(op.table)});
}

}  // namespace midflight::rules
