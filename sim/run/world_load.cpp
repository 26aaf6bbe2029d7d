#include "sim/run/world.h"

#include <algorithm>
#include <cmath>

// What traffic asks of the database, and what it leaves to other work.

namespace midflight {

namespace {

constexpr double kNever = 1e-12;

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
  for_each_served([&](const CompiledEndpoint& e, double rate) {
    const double busy = rate * e.time.mean_seconds();
    const double waits = static_cast<double>(e.statements.size() - 1) * e.think.mean_seconds();
    load_.bad_per_second += rate * e.time.tail(late) + (waits > 0 ? rate * e.think.tail(late / 2) : 0);
    long_ones += rate * e.time.tail(stall) + (waits > 0 ? rate * e.think.tail(stall / 2) : 0);
    all += rate;
    held += busy + rate * waits;
    for (const std::uint32_t s : e.statements) writing += epoch_->plan(s).writes ? busy : 0;
  });
  // A stall takes a long request, and nobody else who succeeds meanwhile.
  load_.bad_per_second += std::min(long_ones, all * portable_exp(-all * metrics::kSlot.seconds()));
  const double instances = static_cast<double>(std::max<std::size_t>(fleet_.serving().size(), 1));
  load_.connections = held / instances;
  load_.per_second = all;
  load_.room = held / instances < 0.5 * scenario_.app.pool && (!sqlite_ || writing < 0.2);
  const auto suffice = [&](int n) { return more_than(n, load_.connections * stretch) < kNever; };
  while (load_.connections_most < scenario_.app.pool && !suffice(load_.connections_most)) ++load_.connections_most;
}

/// Pools keep what they have opened, and open more only for so many requests at once.
bool World::connections_suffice() {
  if (sqlite_) return true;
  const int reserved = 3 + static_cast<int>(scenario_.background.size()) + 1;
  int open = 0;
  for (std::uint32_t i = 0; i < fleet_.size(); ++i) {
    if (fleet_[i].state != fleet::Instance::State::Gone) open += std::max(fleet_[i].pool.open(), load().connections_most);
  }
  return open <= scenario_.database.connections - reserved;
}

const World::Load& World::load() {
  if (load_.known) return load_;
  load_ = {};
  load_.known = true;
  double pieces = 0, squares = 0;  // statements are run one by one
  for_each_served([&](const CompiledEndpoint& e, double rate) {
    const double mean = e.time.mean_seconds(), n = static_cast<double>(e.statements.size());
    load_.busy += rate * mean;
    pieces += rate * n;
    squares += rate * (e.time.variance_seconds2() + mean * mean) / n;
  });
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

}  // namespace midflight
