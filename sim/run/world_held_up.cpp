#include "sim/run/world.h"

#include <algorithm>
#include <cmath>

// Requests that find their row locked by a batch which is only counted.
//
// Short batches make nobody late, so only the number of such requests is drawn.
// Of long ones each request is drawn: when it came and how long it waited.  That
// is certain as well, as long as so few wait at once that they take nobody else's
// connection or processor; otherwise the batches are simulated.

namespace midflight {

namespace {

constexpr double kNegligible = 0.001;

/// What hardly any of `n` batches exceeds, in seconds.
double longest_of_all(const Distribution& batch, std::int64_t n) {
  double longest = batch.mean_seconds();
  while (batch.tail(Duration::from_seconds(longest)) * static_cast<double>(n) > kNegligible) longest *= 1.05;
  return longest;
}

/// When in a batch of `rows` rows one of them is wanted that is reached already: a
/// row after another is, within `alone`, and all stay locked until `length`.
double meets_at(double chance, double length, double alone, double rows) {
  const double growing = alone * (0.5 - 0.5 / rows), all = length - alone + growing;
  if (chance * all >= growing) return alone + (chance * all - growing);
  return alone * (1 + std::sqrt(1 + 4 * rows * (rows - 1) * chance * all / growing)) / (2 * rows);
}

}  // namespace

/// Writers that find their row among those the step's running batch has reached.
std::vector<World::Meeting> World::meetings(std::size_t step) {
  const auto& backfill = std::get<BackfillStep>(step_at(step).action);
  const Table* table = epoch_->schema().base_table(backfill.update.accesses.front().relation);
  std::vector<Meeting> all;
  if (table == nullptr) return all;
  // Rows are reached one by one as the batch would run alone; what others delay comes on top.
  const double unreached = 0.5 + 0.5 / static_cast<double>(backfill.batch);
  const double reached = 1 - unreached / load().sharing.slowdown;
  for (const Stream& stream : streams()) {
    if (stream.error != metrics::kSuccess) continue;
    for (const std::uint32_t s : program_.table[stream.version][stream.endpoint].statements) {
      const StatementPlan& plan = epoch_->plan(s);
      if (sqlite_ && plan.writes) {
        all.push_back({stream.version, stream.endpoint, stream.rate, false});
      } else if (!sqlite_ && plan.row_writer && plan.row_table == table->name && table->rows > 0) {
        const double rows = static_cast<double>(backfill.batch) / static_cast<double>(table->rows);
        all.push_back({stream.version, stream.endpoint, stream.rate * (plan.by_key ? reached * rows : 1), plan.by_key});
      }
    }
  }
  return all;
}

/// Requests a batch holds up, on average.
double World::collisions(std::size_t step, double batch_s) {
  double per_second = 0;
  for (const Meeting& meeting : meetings(step)) per_second += meeting.per_second;
  return per_second * batch_s;
}

/// May a request that waits for a batch's rows, and for no longer, be late?
bool World::batches_make_late(std::size_t step) {
  const Distribution one = batch_beside_traffic(step);
  const Duration late = std::min(scenario_.objective.latency, scenario_.app.request_timeout);
  const double held_up = collisions(step, one.mean_seconds()) * static_cast<double>(conductor_.batches(step));
  return held_up * one.tail(late / 2) > kNegligible;
}

/// Requests that the free processors serve before anybody notices: in a tenth of the objective.
double World::served_at_once() {
  const double free = scenario_.database.cores - load().busy, each = load().busy / load().per_second;
  const Duration unnoticed = std::min(scenario_.objective.latency, metrics::kSlot) / 10;
  return free * unnoticed.seconds() / each;
}

/// Do those who wait for a batch's rows stay among themselves?
bool World::held_up_keep_apart(std::size_t step) {
  if (sqlite_) return false;
  const auto batches = static_cast<double>(conductor_.batches(step));
  const double longest = longest_of_all(batch_beside_traffic(step), conductor_.batches(step));
  const double waiting = collisions(step, longest);
  const double instances = static_cast<double>(std::max<std::size_t>(fleet_.serving().size(), 1));
  const double no_connection = more_than(scenario_.app.pool, load().connections + waiting / instances);
  const double crowd = scenario_.database.cores_unlimited ? 0 : more_than(served_at_once(), waiting);
  // While one waits, a pause of the others would be a stall.
  const double stalls = load().per_second * portable_exp(-load().per_second * metrics::kSlot.seconds()) * longest;
  return batches * (instances * no_connection + crowd + stalls) < kNegligible;
}

void World::begin_held_up() {
  HeldUp& held_up = bulk_->held_up;
  held_up.writers = meetings(bulk_->step);
  held_up.batch = batch_beside_traffic(bulk_->step);
  held_up.longest_s = longest_of_all(held_up.batch, bulk_->batches);
  for (const Meeting& meeting : held_up.writers) held_up.per_second += meeting.per_second;
  held_up.next = draw::exponential(quiet_random_) / (held_up.per_second * held_up.longest_s);
}

/// Draws the batches that begin before `until` and meet somebody.  Candidates
/// come as if every batch were the longest; a shorter one meets fewer of them.
void World::draw_held_up(Instant until) {
  HeldUp& held_up = bulk_->held_up;
  while (held_up.next < static_cast<double>(bulk_->batches)) {
    const double number = std::floor(held_up.next);
    const Instant begins = bulk_->from + Duration::from_seconds(bulk_->cycle().seconds() * number);
    if (begins >= until) break;
    const double length = held_up.batch.sample(quiet_random_).seconds();
    while (held_up.next < number + 1) {
      if (quiet_random_.uniform() * held_up.longest_s < length) meet(begins, length);
      held_up.next += draw::exponential(quiet_random_) / (held_up.per_second * held_up.longest_s);
    }
  }
  std::sort(held_up.ahead.begin(), held_up.ahead.end(), [](const Waited& a, const Waited& b) { return a.arrival > b.arrival; });
}

/// One request that meets a batch of that length.
void World::meet(Instant begins, double length_s) {
  HeldUp& held_up = bulk_->held_up;
  double which = quiet_random_.uniform() * held_up.per_second;
  std::size_t w = 0;
  while (w + 1 < held_up.writers.size() && which >= held_up.writers[w].per_second) which -= held_up.writers[w++].per_second;
  const Meeting& writer = held_up.writers[w];
  const double slowdown = load().sharing.slowdown, chance = quiet_random_.uniform();
  const double at = writer.by_key ? meets_at(chance, length_s, length_s / slowdown, static_cast<double>(bulk_->rows_a_batch)) : length_s * chance;
  const CompiledEndpoint& endpoint = program_.table[writer.version][writer.endpoint];
  Duration own = endpoint.time.sample(quiet_random_);
  for (std::size_t i = 1; i < endpoint.statements.size(); ++i) own += endpoint.think.sample(quiet_random_);
  held_up.ahead.push_back({begins + Duration::from_seconds(at), Duration::from_seconds(length_s - at) + own, writer.version, writer.endpoint});
}

/// Those among `streams` that meet batches are told one by one instead.
void World::leave_out_held_up(std::vector<Stream>& streams) const {
  const double share = bulk_->held_up.batch.mean_seconds() / bulk_->cycle().seconds();
  for (Stream& stream : streams) {
    for (const Meeting& meeting : bulk_->held_up.writers) {
      const bool same = meeting.version == stream.version && meeting.endpoint == stream.endpoint;
      if (same) stream.rate = std::max(stream.rate - meeting.per_second * share, 0.0);
    }
  }
}

/// Tells those of one slot, which begins at `from` or holds it.
void World::account_held_up(Instant from, Instant until) {
  std::vector<Waited>& ahead = bulk_->held_up.ahead;
  const metrics::ErrorId error = error_id(ErrorClass::RequestTimeout, "57014", "canceling statement due to user request");
  while (!ahead.empty() && ahead.back().arrival < until) {
    const Waited one = ahead.back();
    ahead.pop_back();
    const bool gives_up = one.length >= scenario_.app.request_timeout;
    const Instant arrival = std::max(one.arrival, from);
    const Instant end = arrival + (gives_up ? scenario_.app.request_timeout : one.length);
    recorder_.answered(one.version, one.endpoint, arrival, end, gives_up ? error : metrics::kSuccess);
    ++recorder_.step(bulk_->step).blocked_requests;
  }
}

}  // namespace midflight
