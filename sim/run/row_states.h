#pragma once

#include <array>
#include <cstdint>

#include "sim/kernel/random.h"
#include "sim/kernel/time.h"

namespace midflight {

/// Which of the two columns of a moving attribute a write sets.
enum class PairWrite : std::uint8_t { None, Old, Both, New };

/// How the rows of a table stand with respect to an old column and its successor.
///
/// Rows are exchangeable, so only counts are kept, in three regions: rows the
/// backfill has passed, rows it has yet to pass, and rows inserted since it
/// began, which it never visits.
///
/// States: Both are current; OldNull: the old is, the new was never set;
/// OldStale: the old is, the new holds something else; NewOnly: only the new
/// is current; Neither: the last acknowledged value is gone.
///
/// Scope: every row is as likely to be written as any other.
class RowStates {
 public:
  enum State : std::uint8_t { Both, OldNull, OldStale, NewOnly, Neither, kStates };

  explicit RowStates(std::int64_t rows) { todo_[Both] = rows; }

  std::int64_t rows() const { return rows_in(done_) + rows_in(todo_) + rows_in(fresh_); }

  /// The new column appears, empty (or, with a default, holding something else).
  void expand(bool with_default);
  bool expanded() const { return expanded_; }

  void insert(PairWrite write, std::int64_t count = 1) { (backfilling_ ? fresh_ : todo_)[inserted_state(write)] += count; }
  /// A write to a row chosen evenly by `bits`.
  void update(PairWrite write, std::uint64_t bits);
  /// A write to every row.
  void update_all(PairWrite write);
  void erase(std::uint64_t bits);
  /// The state of a row chosen evenly by `bits`.
  State pick(std::uint64_t bits) const;

  /// `only_null`: the backfill skips rows whose new column is set.
  void begin_backfill(bool only_null);
  /// Passes `count` further rows.
  void copy(std::int64_t count, Random& random);
  void end_backfill();

  /// Rows a reader of the old, or of the new column would misread.
  std::int64_t misread_old() const { return total(NewOnly) + total(Neither); }
  std::int64_t misread_new() const { return total(OldNull) + total(OldStale) + total(Neither); }
  /// Rows whose new column was never set, and rows whose columns differ.
  std::int64_t unset() const { return total(OldNull); }
  std::int64_t differing() const { return rows() - total(Both); }
  std::int64_t diverged(bool old_is_read, bool new_is_read) const;
  /// Rows whose last acknowledged value is in none of the columns that exist.
  std::int64_t lost(bool old_exists, bool new_exists) const;

  /// Writes per second that hit a row, and rows inserted, by what they set; rows deleted.
  struct Rates {
    std::array<double, 4> update{};  ///< by PairWrite
    std::array<double, 4> insert{};
    double erase = 0;
    bool mixed() const;              ///< more than one kind of writer
    double updates() const { return update[1] + update[2] + update[3]; }
    double growth() const { return insert[0] + insert[1] + insert[2] + insert[3] - erase; }
  };
  /// Lets `length` pass at these rates, drawn at once.
  void evolve(const Rates& rates, double length_s, Random& random);

 private:
  using Region = std::array<std::int64_t, kStates>;
  static std::int64_t rows_in(const Region& r) { return r[0] + r[1] + r[2] + r[3] + r[4]; }
  std::int64_t total(State s) const { return done_[s] + todo_[s] + fresh_[s]; }
  State inserted_state(PairWrite write) const;
  State updated_state(State state, PairWrite write) const;
  State copied_state(State state) const;
  std::int64_t* cell(std::uint64_t bits, State& state);
  void erase_evenly(std::int64_t count, Random& random);
  void evolve_region(Region& region, const Rates& rates, double per_row, double length_s, Random& random) const;

  Region done_{}, todo_{}, fresh_{};
  bool expanded_ = false, backfilling_ = false, only_null_ = false;
};

}  // namespace midflight
