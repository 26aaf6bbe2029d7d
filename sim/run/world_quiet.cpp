#include "sim/run/world.h"

#include <algorithm>
#include <cmath>

#include "sim/kernel/error.h"

// Counting instead of simulating.
//
// While nobody waits, every statement's fate is certain and there is room,
// requests differ in nothing that is reported.  Such a span is drawn at once:
// Poisson numbers of requests, binomial moves of row states, the length of many
// batches as one sum.  A window of single requests opens `warm_up` before any
// event of the plan and stays open until all queues have drained.

namespace midflight {

namespace {

constexpr double kNegligible = 0.001;
/// Bits of the modes that conflict with anything requests ask for.
constexpr std::uint8_t kStrongModes = 0xf0;
constexpr Duration kSettle = Duration::milliseconds(20);

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

std::vector<World::Stream> World::streams() {
  std::vector<Stream> all;
  const auto add = [&](std::uint32_t as_version, std::uint32_t version, double share, metrics::ErrorId always) {
    for (std::uint32_t e = 0; e < program_.endpoints.size(); ++e) {
      const CompiledEndpoint& endpoint = program_.table[version][e];
      if (!endpoint.served) continue;
      metrics::ErrorId error = always;
      for (std::size_t i = 0; error == metrics::kSuccess && i < endpoint.statements.size(); ++i) {
        const StatementPlan& plan = epoch_->plan(endpoint.statements[i]);
        if (plan.failure != nullptr) error = recorder_.intern(*plan.failure);
      }
      all.push_back({as_version, e, endpoint.rate * share, error});
    }
  };
  const double serving = static_cast<double>(fleet_.serving().size());
  if (serving == 0) {
    add(program_.no_version(), last_version_, 1, error_id(ErrorClass::NoInstance, "", "no instance serves"));
    return all;
  }
  for (std::uint32_t v = 0; v < program_.versions.size(); ++v) {
    if (fleet_.serving_of(v) > 0) add(v, v, fleet_.serving_of(v) / serving, metrics::kSuccess);
  }
  return all;
}

/// Timeouts bound the queue of an overloaded server; they do not end the overload.
bool World::more_comes_than_is_served() {
  double busy = 0, writing = 0;
  for (const Stream& stream : streams()) {
    if (stream.error != metrics::kSuccess) continue;
    const CompiledEndpoint& e = program_.table[stream.version][stream.endpoint];
    const double work = stream.rate * e.time.mean_seconds();
    busy += work;
    const bool writes = std::any_of(e.statements.begin(), e.statements.end(), [&](std::uint32_t s) { return epoch_->plan(s).writes; });
    if (sqlite_ && writes) writing += work;
  }
  return writing >= 1 || (!scenario_.database.cores_unlimited && busy >= scenario_.database.cores);
}

/// Rates of late requests, stalls and use of pools, into load_.
void World::weigh_endpoints(double stretch) {
  const auto shortened = [stretch](Duration d) { return Duration::from_seconds(d.seconds() / stretch); };
  const Duration late = shortened(std::min(scenario_.objective.latency, scenario_.app.request_timeout));
  const Duration stall = shortened(metrics::kSlot);
  double held = 0, writing = 0, long_ones = 0, all = 0;
  for (std::uint32_t v = 0; v < program_.versions.size(); ++v) {
    for (const CompiledEndpoint& e : program_.table[v]) {
      if (!e.served || fleet_.serving_of(v) == 0) continue;
      const double rate = e.rate * share_of(v), busy = rate * e.time.mean_seconds();
      const double waits = static_cast<double>(e.statements.size() - 1) * e.think.mean_seconds();
      load_.bad_per_second += rate * e.time.tail(late) + (waits > 0 ? rate * e.think.tail(late / 2) : 0);
      long_ones += rate * e.time.tail(stall) + (waits > 0 ? rate * e.think.tail(stall / 2) : 0);
      all += rate;
      held += busy + rate * waits;
      for (const std::uint32_t s : e.statements) writing += epoch_->plan(s).writes ? busy : 0;
    }
  }
  // A stall takes a long request, and nobody else who succeeds meanwhile.
  load_.bad_per_second += std::min(long_ones, all * portable_exp(-all * metrics::kSlot.seconds()));
  const double instances = static_cast<double>(std::max<std::size_t>(fleet_.serving().size(), 1));
  const int reserved = 3 + static_cast<int>(scenario_.background.size()) + 1;
  const bool connections = sqlite_ || fleet_.alive() * scenario_.app.pool <= scenario_.database.connections - reserved;
  load_.room = connections && held / instances < 0.5 * scenario_.app.pool && (!sqlite_ || writing < 0.2);
}

const World::Load& World::load() {
  if (load_.known) return load_;
  load_ = {};
  load_.known = true;
  double pieces = 0, squares = 0;  // statements are run one by one
  for (std::uint32_t v = 0; v < program_.versions.size(); ++v) {
    for (const CompiledEndpoint& e : program_.table[v]) {
      if (!e.served) continue;
      const double rate = e.rate * share_of(v), mean = e.time.mean_seconds(), n = static_cast<double>(e.statements.size());
      load_.busy += rate * mean;
      pieces += rate * n;
      squares += rate * (e.time.variance_seconds2() + mean * mean) / n;
    }
  }
  const bool unlimited = scenario_.database.cores_unlimited;
  const double used = unlimited ? 0 : load_.busy / scenario_.database.cores;
  if (used > 0.7) return load_;
  // Sharing stretches a request by 1 / (1 - used) on average; four times that is out of reach.
  weigh_endpoints(unlimited ? 1 : 4 / (1 - used));
  if (!unlimited) load_.sharing = beside_traffic(scenario_.database.cores, pieces, load_.busy, squares);
  return load_;
}

/// How much longer the running work takes because requests that are only
/// counted use the processors too.
double World::draw_slowdown() {
  const Sharing& sharing = load().sharing;
  Duration left{};
  for (const StepRun& run : steps_) {
    if (run.session == kNoSession || sessions_[run.session].ticket == 0) continue;
    left = std::max(left, processors_.left(sessions_[run.session].ticket, now_));
  }
  if (left == Duration{} || sharing.variance_s == 0) return sharing.slowdown;
  const double spread = std::sqrt(sharing.variance_s / left.seconds()) * draw::normal(quiet_random_);
  return std::max(1.0, sharing.slowdown + spread);
}

/// One batch beside traffic: as long on average, and as uncertain, as it would be.
Distribution World::batch_beside_traffic(std::size_t step) {
  const auto& backfill = std::get<BackfillStep>(step_at(step).action);
  const Distribution alone = cost::batch_duration(backfill.batch, program_.profile);
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
    if (conductor_.batches(step) - conductor_.batches_done(step) > 20 && !batches_make_late(step)) return step;
  }
  return steps_.size();
}

/// May a request that waits for a batch's rows, and for no longer, be late?
bool World::batches_make_late(std::size_t step) {
  const Distribution one = batch_beside_traffic(step);
  const Duration late = std::min(scenario_.objective.latency, scenario_.app.request_timeout);
  const double held_up = collisions(step, one.mean_seconds()) * static_cast<double>(conductor_.batches(step));
  return held_up * one.tail(late / 2) > kNegligible;
}

Instant World::next_plan_event(std::size_t but_batches_of) const {
  Instant next = Instant::never();
  for (const auto& entry : plan_events_.pending()) {
    const bool batch = entry.payload.kind == Kind::ConductTimer && entry.payload.who == but_batches_of;
    if (!batch) next = std::min(next, entry.time);
  }
  return next;
}

bool World::database_is_calm() {
  if (locks_.waiters() > 0 || pool_waiting_ > 0 || polling_ > 0 || herd_ || !claims_.empty()) return false;
  if (!to_begin_.empty() || !conduct_events_.empty() || waiting_phases_ > 0) return false;
  if (program_.plans_go_stale) return false;
  for (locks::RelationId r = 0; r < epoch_->relations(); ++r) {
    if ((locks_.modes(r) & kStrongModes) != 0) return false;
  }
  for (const StepRun& run : steps_) {
    if (run.session == kNoSession) continue;
    const Session& s = sessions_[run.session];
    if (sqlite_ || run.batch || s.ticket == 0) return false;
    if (processors_.left(s.ticket, now_) < program_.warm_up * 2 + kSettle) return false;
  }
  if (sqlite_) {
    const locks::SessionId writer = sqlite_locks_.writer();
    if (writer != locks::kNobody && sessions_[writer].kind != SessionKind::Request) return false;
    if (sqlite_locks_.pending() != locks::kNobody) return false;
    if (scenario_.database.journal == Journal::Delete && !scenario_.background.empty()) return false;
  }
  return true;
}

bool World::quiet_now() {
  if (exact_ || !database_is_calm()) return false;
  const Instant next = next_plan_event(bulk_candidate());
  const Duration horizon = std::min(next, Instant{} + scenario_.time_limit) - now_;
  if (horizon < program_.warm_up * 2 + kSettle * 2) return false;
  if (scenario_.app.retry.tries > 1) {
    for (const Stream& stream : streams()) {
      if (stream.error != metrics::kSuccess) return false;
    }
  }
  return load().room && load().bad_per_second * horizon.seconds() < kNegligible;
}

void World::enter_quiet() {
  quiet_ = true;
  arrivals_.stop();
  accounted_ = now_;
  quiet_check_at_ = timeouts_at_ = Instant::never();
  processors_.set_efficiency(1 / draw_slowdown(), now_);
  begin_bulk();
  refresh_other();
}

void World::leave_quiet() {
  if (quiet_) {
    account(now_);
    if (bulk_) end_bulk();
  }
  quiet_ = false;
  processors_.set_efficiency(1, now_);
  arrivals_.seek(now_);
  quiet_check_at_ = exact_ ? Instant::never() : now_ + program_.warm_up + kSettle;
  timeouts_at_ = now_;
  refresh_other();
}

void World::quiet_until_next() {
  obey_stop();
  Instant window = plan_events_.empty() ? Instant::never() : plan_events_.top().time - program_.warm_up;
  // What is about to happen meets a batch that is simulated, not the one that was counted last.
  if (bulk_) window = window - bulk_->cycle() * 2;
  const Instant other = other_events_.empty() ? Instant::never() : other_events_.top().time;
  Instant end = processors_.next();
  // With no request left, what ends next is a step's work: a window opens before it.
  if (end < Instant::never() && drained()) end = end - program_.warm_up;
  const Instant next = std::min({window, other, end});
  MIDFLIGHT_CHECK(next < Instant::never());
  now_ = std::max(now_, next);
  if (next == end && !drained()) {
    const Processors::End ended = processors_.end(now_);
    if (ended.ticket != 0 && sessions_[ended.job].kind != SessionKind::Request) leave_quiet();
    on_processor_end(ended);
    settle();
  } else if (next == other) {
    account(now_);
    handle(other_events_.pop().payload);
    settle();
    if (quiet_ && !database_is_calm()) leave_quiet();
  } else {
    leave_quiet();
  }
}

void World::account(Instant until) {
  const Instant from = accounted_;
  if (until <= from) return;
  accounted_ = until;
  account_data(from, until);
  if (until <= Instant{}) return;
  const Instant counted_from = std::max(from, Instant{});
  const std::vector<Stream> all = streams();
  const bool fails = std::any_of(all.begin(), all.end(), [](const Stream& s) { return s.error != metrics::kSuccess; });
  const bool brief = metrics::slot_of(until) - metrics::slot_of(counted_from) < 3;
  if (fails || brief || !drained()) {
    account_slots(all, counted_from, until);
  } else {
    account_good(all, counted_from, until);
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
  for (std::uint32_t v = 0; v < program_.versions.size(); ++v) {
    if (fleet_.serving_of(v) == 0) continue;
    for (const CompiledEndpoint& e : program_.table[v]) {
      if (surely_fails(e)) continue;
      const double rate = e.rate * share_of(v);
      for (const std::uint32_t s : e.statements) {
        for (const StatementPlan::Effect& effect : epoch_->plan(s).effects) {
          if (effect.pair != pair) continue;
          const auto kind = static_cast<std::size_t>(effect.write);
          if (effect.inserts) rates.insert[kind] += rate;
          else if (effect.by_key && effect.write != PairWrite::None) rates.update[kind] += rate;
          else if (effect.by_key && effect.deletes) rates.erase += rate;
        }
      }
    }
  }
  return rates;
}

double World::stale_read_rate(std::size_t pair) const {
  const RowStates& rows = rows_[pair];
  if (!rows.expanded() || rows.rows() == 0) return 0;
  const double n = static_cast<double>(rows.rows());
  double per_second = 0;
  for (std::uint32_t v = 0; v < program_.versions.size(); ++v) {
    if (fleet_.serving_of(v) == 0) continue;
    for (const CompiledEndpoint& e : program_.table[v]) {
      if (surely_fails(e)) continue;
      for (const std::uint32_t s : e.statements) {
        for (const StatementPlan::Effect& effect : epoch_->plan(s).effects) {
          if (effect.pair != pair || effect.write != PairWrite::None || effect.inserts) continue;
          const std::int64_t stale = rows.diverged(effect.reads_old, effect.reads_new);
          const double share = effect.by_key ? static_cast<double>(stale) / n : (stale > 0 ? 1 : 0);
          per_second += e.rate * share_of(v) * share;
        }
      }
    }
  }
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
        recorder_.stale_reads(draw::poisson(quiet_random_, (before + stale_read_rate(p)) / 2 * counted));
      }
    }
    const Instant now = now_;
    now_ = piece_end;
    data_changed();
    now_ = now;
    from = piece_end;
  }
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
  schedule(bulk.until, Kind::BulkEnds, static_cast<std::uint32_t>(step), bulk.timer);
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
  plan_events_.remove_if([&](const Control& c) { return c.kind == Kind::BulkEnds; });
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
  m.blocked_requests += draw::poisson(quiet_random_, collisions(bulk.step, one.mean_seconds()) * static_cast<double>(done));
}

/// Requests a batch holds up, on average: writers that find their row among
/// those it has reached.
double World::collisions(std::size_t step, double batch_s) const {
  double per_batch = 0;
  const auto& backfill = std::get<BackfillStep>(step_at(step).action);
  const Table* table = epoch_->schema().base_table(backfill.update.accesses.front().relation);
  for (std::uint32_t v = 0; v < program_.versions.size(); ++v) {
    for (const CompiledEndpoint& e : program_.table[v]) {
      const double rate = e.rate * share_of(v);
      for (const std::uint32_t s : e.statements) {
        const StatementPlan& plan = epoch_->plan(s);
        if (plan.failure != nullptr || table == nullptr) continue;
        if (sqlite_) {
          per_batch += plan.writes ? rate * batch_s : 0;
        } else if (plan.row_writer && plan.row_table == table->name && table->rows > 0) {
          const double rows = static_cast<double>(backfill.batch) / static_cast<double>(table->rows);
          per_batch += plan.by_key ? rate * batch_s / 2 * rows : rate * batch_s;
        }
      }
    }
  }
  return per_batch;
}

}  // namespace midflight
