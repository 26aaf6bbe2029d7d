#include "sim/run/world.h"

#include <algorithm>

// The numbers of a quiet span, drawn at once: requests by slot, and rows by state.

namespace midflight {

void World::account(Instant until) {
  const Instant from = accounted_;
  if (until <= from) return;
  accounted_ = until;
  account_data(from, until);
  if (until <= Instant{}) return;
  Instant counted = std::max(from, Instant{});
  std::vector<Stream> all = streams();
  if (!bulk_ || bulk_->held_up.per_second == 0) return account_span(all, counted, until);
  leave_out_held_up(all);
  draw_held_up(until);
  while (!bulk_->held_up.ahead.empty() && bulk_->held_up.ahead.back().arrival < until) {
    const std::int64_t slot = metrics::slot_of(std::max(bulk_->held_up.ahead.back().arrival, counted));
    const Instant slot_from = std::max(counted, Instant{} + metrics::kSlot * slot);
    const Instant slot_until = std::min(until, Instant{} + metrics::kSlot * (slot + 1));
    account_span(all, counted, slot_from);
    account_held_up(slot_from, slot_until);
    account_slots(all, slot_from, slot_until);
    counted = slot_until;
  }
  account_span(all, counted, until);
}

void World::account_span(const std::vector<Stream>& all, Instant from, Instant until) {
  if (until <= from) return;
  const bool fails = std::any_of(all.begin(), all.end(), [](const Stream& s) { return s.error != metrics::kSuccess; });
  const bool brief = metrics::slot_of(until) - metrics::slot_of(from) < 3;
  if (fails || brief || !drained()) {
    account_slots(all, from, until);
  } else {
    account_good(all, from, until);
  }
}

void World::count(const Stream& stream, std::int64_t slot, std::int64_t n) {
  const auto requests = static_cast<std::uint32_t>(n);
  const bool failed = stream.error != metrics::kSuccess;
  recorder_.counted(stream.version, stream.endpoint, n, stream.error, Instant{} + metrics::kSlot * slot);
  recorder_.slots().add(slot, stream.endpoint, requests, failed ? requests : 0);
}

void World::account_slots(const std::vector<Stream>& all, Instant from, Instant until) {
  while (from < until) {
    const std::int64_t slot = metrics::slot_of(from);
    const Instant slot_end = std::min(Instant{} + metrics::kSlot * (slot + 1), until);
    for (const Stream& s : all) {
      count(s, slot, draw::poisson(quiet_random_, s.rate * (slot_end - from).seconds()));
    }
    if (drained()) recorder_.slots().close(slot);
    from = slot_end;
  }
}

void World::account_good(const std::vector<Stream>& all, Instant from, Instant until) {
  metrics::Slots& slots = recorder_.slots();
  const std::int64_t first = metrics::slot_of(from) + 1, last = metrics::slot_of(until);
  const Instant middle = Instant{} + metrics::kSlot * first, tail = Instant{} + metrics::kSlot * last;
  account_slots(all, from, middle);
  slots.close(first);
  std::vector<std::int64_t> first_arrival(recorder_.endpoints(), last);
  for (const Stream& s : all) {
    double length = (tail - middle).seconds();
    std::int64_t n = 0;
    std::int64_t& first_slot = first_arrival[s.endpoint];
    if (slots.any_down()) {
      // Somebody waits for the first good request: say when it comes.
      const Duration gap = Duration::from_seconds(draw::exponential(quiet_random_) / s.rate);
      if (middle + gap >= tail) continue;
      first_slot = std::min(first_slot, metrics::slot_of(middle + gap));
      length -= gap.seconds();
      n = 1;
    }
    n += draw::poisson(quiet_random_, s.rate * length);
    recorder_.counted(s.version, s.endpoint, n, s.error, middle);
  }
  slots.close_good(last, first_arrival);
  account_slots(all, tail, until);
}

bool World::surely_fails(const CompiledEndpoint& endpoint) const {
  return std::any_of(endpoint.statements.begin(), endpoint.statements.end(),
                     [&](std::uint32_t s) { return epoch_->plan(s).failure != nullptr; });
}

RowStates::Rates World::data_rates(std::size_t pair) const {
  RowStates::Rates rates;
  for_each_served([&](const CompiledEndpoint& e, double rate) {
    if (surely_fails(e)) return;
    for (const std::uint32_t s : e.statements) {
      for (const StatementPlan::Effect& effect : epoch_->plan(s).effects) {
        if (effect.pair != pair) continue;
        const auto kind = static_cast<std::size_t>(effect.write);
        if (effect.inserts) rates.insert[kind] += rate;
        else if (effect.by_key && effect.write != PairWrite::None) rates.update[kind] += rate;
        else if (effect.by_key && effect.deletes) rates.erase += rate;
      }
    }
  });
  return rates;
}

double World::stale_read_rate(std::size_t pair) const {
  const RowStates& rows = rows_[pair];
  if (!rows.expanded() || rows.rows() == 0) return 0;
  const double n = static_cast<double>(rows.rows());
  double per_second = 0;
  for_each_served([&](const CompiledEndpoint& e, double rate) {
    if (surely_fails(e)) return;
    for (const std::uint32_t s : e.statements) {
      for (const StatementPlan::Effect& effect : epoch_->plan(s).effects) {
        if (effect.pair != pair || effect.write != PairWrite::None || effect.inserts) continue;
        const std::int64_t stale = rows.diverged(effect.reads_old, effect.reads_new);
        const double share = effect.by_key ? static_cast<double>(stale) / n : (stale > 0 ? 1 : 0);
        per_second += rate * share;
      }
    }
  });
  return per_second;
}

Duration World::longest_data_piece() const {
  Duration piece = Duration::max();
  for (std::size_t p = 0; p < rows_.size(); ++p) {
    const RowStates::Rates rates = data_rates(p);
    const double changes = rates.updates() + rates.erase;
    if (!rows_[p].expanded() || changes <= 0) continue;
    const double quarter = 0.25 * static_cast<double>(std::max<std::int64_t>(rows_[p].rows(), 1)) / changes;
    piece = std::min(piece, Duration::from_seconds(quarter));
    if (rates.mixed()) piece = std::min(piece, Duration::seconds(1));
    // A backfill that races old writers: its order against theirs matters.
    if (bulk_ && rates.update[1] + rates.update[3] > 0) piece = std::min(piece, Duration::seconds(5));
  }
  return std::max(piece, Duration::milliseconds(1));
}

void World::account_data(Instant from, Instant until) {
  if (rows_.empty()) {
    if (bulk_) copy_in_bulk(until);
    return;
  }
  const Duration longest = longest_data_piece();
  while (from < until) {
    obey_stop();
    const Instant piece_end = until - from > longest ? from + longest : until;
    const double length = (piece_end - from).seconds();
    for (std::size_t p = 0; p < rows_.size(); ++p) {
      const double before = stale_read_rate(p);
      rows_[p].evolve(data_rates(p), length, quiet_random_);
      if (bulk_ && p == 0) copy_in_bulk(piece_end);
      const double counted = (piece_end - std::max(from, Instant{})).seconds();
      if (counted > 0) {
        recorder_.stale_reads(draw::poisson(quiet_random_, (before + stale_read_rate(p)) / 2 * counted), std::max(from, Instant{}), piece_end);
      }
    }
    const Instant now = now_;
    now_ = piece_end;
    data_changed();
    now_ = now;
    from = piece_end;
  }
}

}  // namespace midflight
