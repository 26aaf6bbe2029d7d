#include "sim/metrics/slots.h"

#include <algorithm>

#include "sim/kernel/error.h"

namespace midflight::metrics {

Slots::Slots(std::size_t endpoints, double error_objective)
    : endpoints_(endpoints), error_objective_(error_objective), cells_(capacity_ * endpoints), state_(endpoints + 1) {}

void Slots::grow(std::int64_t slot) {
  MIDFLIGHT_CHECK(slot >= base_);
  std::size_t capacity = capacity_;
  while (static_cast<std::size_t>(slot - base_) >= capacity) capacity *= 2;
  std::vector<Cell> cells(capacity * endpoints_);
  for (std::size_t i = 0; i < capacity_; ++i) {
    const std::size_t s = static_cast<std::size_t>(base_) + i;
    std::copy_n(cells_.begin() + static_cast<std::ptrdiff_t>((s & (capacity_ - 1)) * endpoints_), endpoints_,
                cells.begin() + static_cast<std::ptrdiff_t>((s & (capacity - 1)) * endpoints_));
  }
  cells_ = std::move(cells);
  capacity_ = capacity;
}

void Slots::note_down(std::int64_t from, std::int64_t until) {
  if (!stretches_.empty() && stretches_.back().until == from) {
    stretches_.back().until = until;
  } else if (stretches_.size() < kStretches) {
    stretches_.push_back({from, until});
  }
}

void Slots::settle(State& state, Cell cell, std::int64_t slot, bool all_traffic) {
  if (cell.requests > 0) {
    const bool many = cell.bad >= 2 && cell.bad > error_objective_ * cell.requests;
    state.down = many || cell.bad == cell.requests;
  }
  if (!state.down) return;
  ++state.slots_down;
  if (all_traffic) note_down(slot, slot + 1);
}

void Slots::close(std::int64_t slot) {
  for (; base_ < slot; ++base_) {
    Cell all;
    const std::size_t first = row(base_);
    for (std::size_t e = 0; e < endpoints_; ++e) {
      Cell& cell = cells_[first + e];
      settle(state_[e], cell, base_, false);
      all.requests += cell.requests;
      all.bad += cell.bad;
      cell = {};
    }
    settle(state_.back(), all, base_, true);
  }
}

void Slots::close_good(std::int64_t until, const std::vector<std::int64_t>& first) {
  if (until <= base_) return;
  std::int64_t earliest = until;
  const auto settle_good = [&](State& state, std::int64_t good_from) {
    if (!state.down) return std::int64_t{0};
    const std::int64_t down = std::min(good_from, until) - base_;
    state.slots_down += down;
    state.down = good_from >= until;
    return down;
  };
  for (std::size_t e = 0; e < endpoints_; ++e) {
    earliest = std::min(earliest, first[e]);
    settle_good(state_[e], first[e]);
  }
  const std::int64_t down = settle_good(state_.back(), earliest);
  if (down > 0) note_down(base_, base_ + down);
  base_ = until;
}

bool Slots::any_down() const {
  return std::any_of(state_.begin(), state_.end(), [](const State& s) { return s.down; });
}

}  // namespace midflight::metrics
