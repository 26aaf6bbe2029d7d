#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/kernel/time.h"
#include "sim/model/migration.h"
#include "sim/model/schema.h"
#include "sim/model/statement.h"
#include "sim/model/work.h"
#include "sim/sql/search_path.h"

namespace midflight::check {

/// What a statement does to the transaction it runs in.
enum class TransactionWord : std::uint8_t { None, Begin, Commit, Rollback, Savepoint, RollbackTo, Release };
TransactionWord transaction_word(const Statement& statement);
/// COMMIT AND CHAIN, ROLLBACK AND CHAIN: the next transaction begins with it.
bool chains(const Statement& statement);
/// The last name of SAVEPOINT a, RELEASE SAVEPOINT a, ROLLBACK TO a.
std::string savepoint_name(const Statement& statement);

struct HeldLock {
  std::string relation;
  LockMode mode = LockMode::AccessShareLock;
  std::size_t statement = 0;  ///< index of the statement that took it
};

/// A timeout of the session; 0 means without end, as in PostgreSQL.
struct Timeouts {
  std::optional<Duration> lock, statement, idle_in_transaction;
  bool operator==(const Timeouts&) const = default;
};

/// A statement that has run, as later ones remember it.
struct Seen {
  Statement statement;
  LocksAndWork work;
  int transaction = 0;        ///< equal numbers ran in one transaction
  bool in_block = false;      ///< that transaction is longer than the statement
  Timeouts timeouts;          ///< in force while it ran
};

/// The database session that runs one script: its transaction, the locks it
/// has kept, what it created and set.
///
/// Scope: one session per script; what a DO block or a function does inside is
///        not followed.
class Session {
 public:
  /// Distinct: of statements that handle rows and follow each other, alike in all that
  /// later ones may ask about, only the first is remembered.
  enum class Memory : std::uint8_t { All, Distinct };

  /// Requires: the wrapping is not UnlessRefused; it is known by now what it comes to.
  explicit Session(Wrapping wrapping, Timeouts at_start = {}, Memory memory = Memory::All);

  /// Takes in one statement after its locks and work are known.
  /// Returns: true if it is the last of seen() now.
  bool run(Statement statement, LocksAndWork work);
  /// The script has ended; an open transaction of the tool commits.
  void finish();

  /// Statements so far, in order, as far as they are remembered.
  const std::vector<Seen>& seen() const { return seen_; }
  /// Would a statement that comes now share its transaction with others?
  bool in_block() const { return open_; }
  bool opened_by_script() const { return open_ && wrapping_ == Wrapping::EachStatement; }
  Wrapping wrapping() const { return wrapping_; }
  /// Locks of the open transaction, strongest mode per relation.
  const std::vector<HeldLock>& held() const { return held_; }
  const HeldLock* held(const std::string& relation) const;
  const Timeouts& timeouts() const { return timeouts_; }
  const sql::SearchPath& search_path() const { return path_; }
  int transaction() const { return transaction_; }
  /// Created by this script, and, if it is visible to others already, not filled by it.
  /// A temporary table is never visible to others.
  bool is_new(const std::string& relation) const;
  /// Indexes this script has dropped, as they were.
  const std::vector<Index>& dropped() const { return dropped_; }
  /// A CREATE TABLE of that name has failed, for the relation was there.
  void was_there(const std::string& relation);
  void remember_dropped(const Index& index) { dropped_.push_back(index); }
  /// BEGIN inside a transaction, COMMIT outside: what the server warns about.
  bool nested_begin() const { return nested_begin_; }
  bool stray_end() const { return stray_end_; }

 private:
  void begin_transaction();
  void end_transaction();
  void undo();
  void take(const LocksAndWork& work);
  void note_created(const Statement& statement);
  void note_setting(const Statement& statement);
  void note_path(const Statement& statement);
  void follow_rename(const Statement& statement);
  bool repeats_the_last(const Seen& next) const;
  void transact(TransactionWord word, const Statement& statement);

  Wrapping wrapping_;
  Memory memory_;
  Timeouts at_start_, timeouts_, at_commit_, at_begin_;
  sql::SearchPath path_, path_at_commit_, path_at_begin_;
  bool open_ = false, nested_begin_ = false, stray_end_ = false;
  int transaction_ = 0;
  std::vector<Seen> seen_;
  std::vector<HeldLock> held_;
  std::vector<Index> dropped_;
  std::vector<std::pair<std::string, std::size_t>> savepoints_;  ///< name, held_ before it
  std::set<std::string, std::less<>> created_, created_here_, filled_, temporary_;
};

}  // namespace midflight::check
