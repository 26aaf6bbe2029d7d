#pragma once

#include <cstdint>
#include <vector>

#include "sim/kernel/time.h"
#include "sim/model/scenario.h"

namespace midflight::metrics {

inline constexpr Duration kSlot = Duration::milliseconds(100);

/// The slot of an arrival, counted from time 0 (negative before it).
constexpr std::int64_t slot_of(Instant at) {
  const std::int64_t q = at.ns / kSlot.ns;
  return at.ns % kSlot.ns < 0 ? q - 1 : q;
}

/// Downtime: of all traffic and of each endpoint, from requests by slot of arrival.
///
/// A slot is down if its failed and delayed requests exceed the error objective
/// and are at least two, or are all there were; one without arrivals takes the
/// state of the last slot that had any.  Slots may fill in any order; close()
/// settles those nothing more can come for, so memory holds open slots only.
///
/// Requires: add() never names a slot that is closed.
/// Cost:     add() is one index and two sums.
class Slots {
 public:
  Slots(std::size_t endpoints, double error_objective);

  /// Counts requests that arrived in a slot.
  void add(std::int64_t slot, std::size_t endpoint, std::uint32_t requests, std::uint32_t bad) {
    if (slot < 0) return;
    Cell& cell = cells_[row(slot) + endpoint];
    cell.requests += requests;
    cell.bad += bad;
  }

  /// Settles every slot before `slot`.
  void close(std::int64_t slot);

  /// Slots [first_open(), until) had only good requests; endpoint e's first one
  /// came in slot first[e] (>= until: none).  Requires: nothing was added to them.
  void close_good(std::int64_t until, const std::vector<std::int64_t>& first);

  std::int64_t first_open() const { return base_; }
  bool down(std::size_t endpoint) const { return state_[endpoint].down; }
  Duration downtime(std::size_t endpoint) const { return kSlot * state_[endpoint].slots_down; }
  Duration downtime() const { return kSlot * state_.back().slots_down; }
  bool any_down() const;

  /// Down stretches of all traffic [from, until) in slots, oldest first; only
  /// the first kStretches are kept.
  struct Stretch { std::int64_t from, until; };
  const std::vector<Stretch>& stretches() const { return stretches_; }

 private:
  static constexpr std::size_t kStretches = 1000;
  struct Cell { std::uint32_t requests = 0, bad = 0; };
  struct State { bool down = false; std::int64_t slots_down = 0; };

  std::size_t row(std::int64_t slot) {
    const auto ahead = static_cast<std::size_t>(slot - base_);
    if (ahead >= capacity_) grow(slot);
    return (static_cast<std::size_t>(slot) & (capacity_ - 1)) * endpoints_;
  }
  void grow(std::int64_t slot);
  void settle(State& state, Cell cell, std::int64_t slot, bool all_traffic);
  void note_down(std::int64_t from, std::int64_t until);

  std::size_t endpoints_;
  double error_objective_;
  std::int64_t base_ = 0;          ///< first open slot
  std::size_t capacity_ = 64;      ///< rows, a power of two
  std::vector<Cell> cells_;
  std::vector<State> state_;       ///< per endpoint, then all traffic
  std::vector<Stretch> stretches_;
};

}  // namespace midflight::metrics
