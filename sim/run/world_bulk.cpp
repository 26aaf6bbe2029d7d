#include "sim/run/world.h"

#include <algorithm>
#include <cmath>

// Batches of a backfill, counted beside traffic that is counted.

namespace midflight {

namespace {

/// The largest of n draws of a lognormal-like distribution.
Duration largest_of(const Distribution& d, std::int64_t n, Random& random) {
  // One uniform decides which quantile the maximum reaches; bisection finds it.
  const double level = -portable_log(random.uniform()) / static_cast<double>(n);  // P(X > max), small
  Duration low{}, high = Duration::from_seconds(d.mean_seconds());
  while (d.tail(high) > level && high < Duration::days(1)) low = high, high = high * 2;
  while (high - low > Duration::microseconds(10)) {
    const Duration middle = low + (high - low) / 2;
    (d.tail(middle) > level ? low : high) = middle;
  }
  return high;
}

}  // namespace

/// One batch beside traffic: as long on average, and as uncertain, as it would be.
Distribution World::batch_beside_traffic(std::size_t step) {
  const Distribution alone = batch_alone(step, std::get<BackfillStep>(step_at(step).action).batch);
  const Sharing& sharing = load().sharing;
  if (sharing.variance_s == 0) return alone.scaled(sharing.slowdown);
  const double mean = alone.mean_seconds() * sharing.slowdown;
  const double variance = alone.variance_seconds2() * sharing.slowdown * sharing.slowdown +
                          sharing.variance_s * alone.mean_seconds();
  const double square = portable_log(1 + variance / (mean * mean));
  return {Distribution::Kind::Lognormal, mean * portable_exp(-square / 2), std::sqrt(square)};
}

std::size_t World::bulk_candidate() {
  for (std::size_t step = 0; step < steps_.size(); ++step) {
    if (steps_[step].session != kNoSession || !conductor_.between_batches(step)) continue;
    const bool many = conductor_.batches(step) - conductor_.batches_done(step) > 20;
    if (many && (!batches_make_late(step) || held_up_keep_apart(step))) return step;
  }
  return steps_.size();
}

void World::begin_bulk() {
  const std::size_t step = bulk_candidate();
  if (step == steps_.size()) return;
  Bulk bulk{};
  bulk.step = step;
  for (const auto& entry : plan_events_.pending()) {
    if (entry.payload.kind != Kind::ConductTimer || entry.payload.who != step) continue;
    bulk.from = entry.time;
    bulk.timer = entry.payload.token;
  }
  plan_events_.remove_if([&](const Control& c) { return c.kind == Kind::ConductTimer && c.who == step; });
  const auto& backfill = std::get<BackfillStep>(step_at(step).action);
  bulk.batches = conductor_.batches(step) - conductor_.batches_done(step) - 1;
  bulk.rows_a_batch = backfill.batch;
  const Distribution one = batch_beside_traffic(step);
  const double n = static_cast<double>(bulk.batches);
  const double spread = std::sqrt(n * one.variance_seconds2()) * draw::normal(quiet_random_);
  const double work = std::max(n * one.mean_seconds() + spread, 0.0);
  bulk.until = bulk.from + Duration::from_seconds(work + n * backfill.pause.seconds());
  bulk_ = bulk;
  if (batches_make_late(step)) begin_held_up();
}

double World::bulk_share(Instant at) const {
  if (at <= bulk_->from) return 0;
  if (at >= bulk_->until) return 1;
  return (at - bulk_->from).seconds() / (bulk_->until - bulk_->from).seconds();
}

void World::copy_in_bulk(Instant until) {
  const auto batches = static_cast<std::int64_t>(bulk_share(until) * static_cast<double>(bulk_->batches));
  const std::int64_t rows = (batches - bulk_->copied) * bulk_->rows_a_batch;
  bulk_->copied = batches;
  copy_rows(std::get<BackfillStep>(step_at(bulk_->step).action).update, rows, quiet_random_);
}

void World::end_bulk() {
  const Bulk bulk = *bulk_;
  std::int64_t done = bulk.copied;
  bulk_.reset();
  // The pause that was running when counting began ends where the next batch begins.
  const double share = static_cast<double>(done) / static_cast<double>(bulk.batches);
  Instant next = bulk.from + Duration::from_seconds((bulk.until - bulk.from).seconds() * share);
  if (next < now_ && done < bulk.batches) {
    // One is under way: it counts as done, and the next follows in its turn.
    copy_rows(std::get<BackfillStep>(step_at(bulk.step).action).update, bulk.rows_a_batch, quiet_random_);
    next = next + bulk.cycle();
    ++done;
  }
  conductor_.skip_batches(bulk.step, done);
  schedule(std::max(now_, next), Kind::ConductTimer, static_cast<std::uint32_t>(bulk.step), bulk.timer);
  if (done == 0) return;
  const Distribution one = batch_beside_traffic(bulk.step);
  StepMeasurement& m = recorder_.step(bulk.step);
  m.held = std::max(m.held, largest_of(one, done, quiet_random_));
  if (bulk.held_up.per_second > 0) return;  // told one by one
  m.blocked_requests += draw::poisson(quiet_random_, collisions(bulk.step, one.mean_seconds()) * static_cast<double>(done));
}

}  // namespace midflight
