#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/model/lock_mode.h"

namespace midflight {

/// What a statement does under its locks, in the words of the field.
enum class WorkKind : std::uint8_t {
  Metadata,         ///< catalog rows only
  Scan,             ///< reads every row: validation
  Rewrite,          ///< writes every row into a new file, and rebuilds its indexes
  IndexBuild,       ///< reads and sorts every row
  Update,           ///< changes `rows` rows in place, with their row locks
};

/// Of an Update: every row of the relation.
inline constexpr std::int64_t kAllRows = -1;

struct Work {
  WorkKind kind = WorkKind::Metadata;
  std::string relation;
  int indexes = 0;             ///< Rewrite: indexes rebuilt with it; Update: indexes maintained
  std::int64_t rows = kAllRows;  ///< Update: rows changed
  int text_indexes = 0;        ///< of the indexes, or of the one built: with text in the key, which sorts slower
  int keys = 0;                ///< of the indexes, or of the one built: on keys that number the rows, whose entries come in order
  std::string looked_up = {};  ///< Scan: the table in which each row is looked up, as a foreign key is validated
  bool against_index = false;  ///< Scan: compared with the entries of an index just built, sorted for that
  int uuids = 0;               ///< Rewrite: random ones drawn for each row, as a default
  bool operator==(const Work&) const = default;
};

struct RelationLock {
  std::string relation;
  LockMode mode = LockMode::AccessExclusiveLock;
  bool operator==(const RelationLock&) const = default;
};

/// What a phase waits for before its work, beyond its own locks.
enum class PhaseWait : std::uint8_t {
  None,
  LockHolders,   ///< transactions holding locks that conflict with ShareLock on the relation
  OldSnapshots,  ///< transactions anywhere whose snapshot is older
  AllLockHolders,  ///< transactions that hold any lock on the relation, readers too
};

/// One stretch of a statement: locks asked for in order, then a wait, then work.
/// Locks of a transaction are kept; between the phases of a CONCURRENTLY
/// statement, transactions end, but its session lock stays.
/// A wait for lock holders is about the first relation locked last.
struct Phase {
  std::vector<RelationLock> locks;
  PhaseWait wait = PhaseWait::None;
  std::vector<Work> work;
  /// All locks of the phases before are given back first: VACUUM, CLUSTER and
  /// REINDEX of many relations commit behind each.
  bool new_transaction = false;
  bool operator==(const Phase&) const = default;
};

/// Everything the simulator and `check` know of how one statement runs.
struct LocksAndWork {
  std::vector<Phase> phases;
  bool transaction_forbidden = false;
  bool understood = true;
  std::string why_not;  ///< when not understood
  bool operator==(const LocksAndWork&) const = default;
};

}  // namespace midflight
