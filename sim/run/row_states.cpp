#include "sim/run/row_states.h"

#include <algorithm>

#include "sim/traffic/bits.h"

namespace midflight {

void RowStates::expand(bool with_default) {
  const std::int64_t n = rows();
  done_ = fresh_ = todo_ = {};
  todo_[with_default ? OldStale : OldNull] = n;
  expanded_ = true;
}

RowStates::State RowStates::inserted_state(PairWrite write) const {
  if (!expanded_) return Both;
  switch (write) {
    case PairWrite::Old: return OldNull;
    case PairWrite::New: return NewOnly;
    default: return Both;  // both columns, or neither: then NULL is the value
  }
}

RowStates::State RowStates::updated_state(State state, PairWrite write) const {
  if (!expanded_) return Both;
  switch (write) {
    case PairWrite::None: return state;
    case PairWrite::Both: return Both;
    case PairWrite::New: return NewOnly;
    case PairWrite::Old: return state == OldNull ? OldNull : OldStale;
  }
  return state;
}

RowStates::State RowStates::copied_state(State state) const {
  switch (state) {
    case OldNull: return Both;
    case OldStale: return only_null_ ? OldStale : Both;
    case NewOnly: return only_null_ ? NewOnly : Neither;  // the old value is copied over the newer one
    default: return state;
  }
}

std::int64_t* RowStates::cell(std::uint64_t bits, State& state) {
  const std::int64_t n = rows();
  if (n == 0) return nullptr;
  auto at = static_cast<std::int64_t>(traffic::choose(bits, static_cast<std::size_t>(n)));
  for (Region* region : {&done_, &todo_, &fresh_}) {
    for (std::size_t s = 0; s < kStates; ++s) {
      if (at < (*region)[s]) {
        state = static_cast<State>(s);
        return &(*region)[s];
      }
      at -= (*region)[s];
    }
  }
  return nullptr;
}

void RowStates::update(PairWrite write, std::uint64_t bits) {
  State state{};
  std::int64_t* from = cell(bits, state);
  if (from == nullptr) return;
  const State to = updated_state(state, write);
  --*from;
  ++*(from - state + to);
}

void RowStates::update_all(PairWrite write) {
  for (Region* region : {&done_, &todo_, &fresh_}) {
    Region after{};
    for (std::size_t s = 0; s < kStates; ++s) after[updated_state(static_cast<State>(s), write)] += (*region)[s];
    *region = after;
  }
}

void RowStates::erase(std::uint64_t bits) {
  State state{};
  if (std::int64_t* from = cell(bits, state)) --*from;
}

RowStates::State RowStates::pick(std::uint64_t bits) const {
  State state = Both;
  const_cast<RowStates*>(this)->cell(bits, state);
  return state;
}

void RowStates::begin_backfill(bool only_null) {
  end_backfill();
  only_null_ = only_null;
  backfilling_ = true;
}

void RowStates::end_backfill() {
  for (std::size_t s = 0; s < kStates; ++s) todo_[s] += done_[s] + fresh_[s];
  done_ = fresh_ = {};
  backfilling_ = false;
}

void RowStates::copy(std::int64_t count, Random& random) {
  std::int64_t ahead = rows_in(todo_);
  count = std::min(count, ahead);
  for (std::size_t s = 0; s < kStates && count > 0; ++s) {
    if (todo_[s] == 0) continue;
    // Rows are met in key order, states are spread evenly over keys.
    const double exact = static_cast<double>(count) * (static_cast<double>(todo_[s]) / static_cast<double>(ahead));
    auto taken = static_cast<std::int64_t>(exact);
    if (random.uniform() < exact - static_cast<double>(taken)) ++taken;
    taken = std::clamp(taken, std::max<std::int64_t>(0, count - (ahead - todo_[s])), std::min(count, todo_[s]));
    ahead -= todo_[s];
    todo_[s] -= taken;
    done_[copied_state(static_cast<State>(s))] += taken;
    count -= taken;
  }
}

std::int64_t RowStates::diverged(bool old_is_read, bool new_is_read) const {
  if (!expanded_) return 0;
  std::int64_t n = total(Neither) * (old_is_read || new_is_read);
  if (old_is_read) n += total(NewOnly);
  if (new_is_read) n += total(OldNull) + total(OldStale);
  return n;
}

std::int64_t RowStates::lost(bool old_exists, bool new_exists) const {
  if (!expanded_) return 0;
  std::int64_t n = total(Neither);
  if (!old_exists) n += total(OldNull) + total(OldStale);
  if (!new_exists) n += total(NewOnly);
  return n;
}

bool RowStates::Rates::mixed() const {
  int kinds = 0;
  for (std::size_t k = 1; k < 4; ++k) kinds += update[k] > 0;
  return kinds > 1;
}

void RowStates::evolve_region(Region& region, const Rates& rates, double per_row, double length_s,
                              Random& random) const {
  const double u_old = rates.update[1] * per_row, u_both = rates.update[2] * per_row,
               u_new = rates.update[3] * per_row;
  const double u = u_old + u_both + u_new;
  if (u <= 0) return;
  const double any = 1 - portable_exp(-u * length_s);
  const double any_known = 1 - portable_exp(-(u_both + u_new) * length_s);  // a write that sets the new column
  Region after{};
  for (std::size_t s = 0; s < kStates; ++s) {
    const bool null = s == OldNull;
    // Rows that leave their state, then by whom they were last written.
    const std::int64_t moved = draw::binomial(random, region[s], null ? any_known : any);
    after[s] += region[s] - moved;
    const double all = null ? any_known : any;
    if (moved == 0 || all <= 0) continue;
    const double p_both = u_both / u * any / all, p_new = u_new / u * any / all;
    const std::int64_t to_both = draw::binomial(random, moved, p_both);
    const std::int64_t to_new = p_both < 1 ? draw::binomial(random, moved - to_both, p_new / (1 - p_both)) : 0;
    after[Both] += to_both;
    after[NewOnly] += to_new;
    after[OldStale] += moved - to_both - to_new;
  }
  region = after;
}

void RowStates::evolve(const Rates& rates, double length_s, Random& random) {
  const double middle = static_cast<double>(rows()) + rates.growth() * length_s / 2;  // rows there are halfway
  const double per_row = middle >= 1 ? 1 / middle : 0;
  if (expanded_) {
    for (Region* region : {&done_, &todo_, &fresh_}) evolve_region(*region, rates, per_row, length_s, random);
  }
  Region born{};
  for (std::size_t k = 0; k < 4; ++k) {
    if (rates.insert[k] <= 0) continue;
    born[inserted_state(static_cast<PairWrite>(k))] += draw::poisson(random, rates.insert[k] * length_s);
  }
  // Rows born on the way have half the span to be written again, on average.
  if (expanded_) evolve_region(born, rates, per_row, length_s / 2, random);
  Region& home = backfilling_ ? fresh_ : todo_;
  for (std::size_t s = 0; s < kStates; ++s) home[s] += born[s];
  if (rates.erase > 0) erase_evenly(draw::poisson(random, rates.erase * length_s), random);
}

void RowStates::erase_evenly(std::int64_t count, Random& random) {
  constexpr std::int64_t kOneByOne = 30;
  std::int64_t ahead = rows(), left = std::min(count, ahead);
  if (left <= kOneByOne) {
    for (; left > 0; --left) erase(random.next());
    return;
  }
  for (Region* region : {&done_, &todo_, &fresh_}) {
    for (std::int64_t& cell : *region) {
      if (cell == 0) continue;
      const double share = static_cast<double>(cell) / static_cast<double>(ahead);
      std::int64_t gone = draw::binomial(random, left, share);
      gone = std::clamp(gone, std::max<std::int64_t>(0, left - (ahead - cell)), std::min(left, cell));
      ahead -= cell;
      cell -= gone;
      left -= gone;
    }
  }
}

}  // namespace midflight
