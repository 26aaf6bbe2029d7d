#include "backends/load/generator.h"

#include <algorithm>

#include "backends/load/instance.h"
#include "sim/conduct/client.h"
#include "sim/kernel/error.h"
#include "sim/traffic/bits.h"
#include "sim/traffic/merge.h"

namespace midflight::backends {
namespace {

Duration percentile(std::vector<Duration> values, std::size_t percent) {
  if (values.empty()) return {};
  const auto at = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) * percent / 100);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace

LoadGenerator::LoadGenerator(Backend& backend, const ClientApplication& application, const Application& settings,
                             const traffic::Environment& environment, const RunClock& clock, Failure& failure)
    : backend_(backend),
      application_(application),
      settings_(settings),
      environment_(environment),
      clock_(clock),
      failure_(failure),
      strands_(backend.shares_threads()) {}

LoadGenerator::~LoadGenerator() { abort(); }

void LoadGenerator::serve(std::uint32_t instance, std::uint32_t version) {
  const std::lock_guard guard(mutex_);
  instances_.push_back(std::make_unique<Instance>(*this, instance, version));
  serving_.push_back(instances_.back().get());
}

void LoadGenerator::retire(std::uint32_t instance, std::function<void()> drained) {
  Instance* retired = nullptr;
  {
    const std::lock_guard guard(mutex_);
    const auto at = std::find_if(serving_.begin(), serving_.end(), [&](const Instance* i) { return i->id() == instance; });
    MIDFLIGHT_CHECK(at != serving_.end());
    retired = *at;
    serving_.erase(at);
  }
  retired->when_idle(std::move(drained));
}

void LoadGenerator::start(Instant from) {
  arriving_ = true;
  dispatcher_ = strands_.start([this, from] {
    try {
      dispatch_all(from);
    } catch (...) {
      failure_.note(std::current_exception());
    }
  });
}

void LoadGenerator::dispatch_all(Instant from) {
  traffic::Merge arrivals;
  for (std::size_t e = 0; e < application_.endpoints().size(); ++e) {
    arrivals.add({environment_.arrivals(application_.endpoints()[e]), application_.arrival_rate(e)});
  }
  arrivals.seek(from);
  while (arrivals.at() < Instant::never() && sleep_until(arrivals.at())) {
    const Instant at = arrivals.at();
    lateness_.push_back(clock_.now() - at);
    if (at >= Instant{}) latest_ = std::max(latest_, lateness_.back());
    arrive(arrivals.stream(), at, arrivals.bits());
    arrivals.advance();
  }
  // Retries go on until every request has its answer.
  while (sleep_until(Instant::never())) {}
}

/// Until the arrival is due, serving meanwhile who pauses or has waited long enough.  False: no arrivals any more.
bool LoadGenerator::sleep_until(Instant due) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (over_.load() || (!arriving_ && due < Instant::never())) return false;
    const Instant now = clock_.now();
    if (!later_.empty() && later_.top().due <= now) {
      const Later later = later_.top();
      later_.pop();
      serve_due(later);
      continue;
    }
    if (due <= now) return true;
    const Instant next = later_.empty() ? due : std::min(due, later_.top().due);
    wake_.wait_until(lock, next < Instant::never() ? clock_.when(next) : Clock::time_point::max());
  }
}

void LoadGenerator::arrive(std::uint32_t endpoint, Instant at, std::uint64_t bits) {
  const std::lock_guard guard(mutex_);
  Request request{at, bits, 1, 0, 0, endpoint, 0};
  const auto nobody = static_cast<std::uint32_t>(application_.versions().size() - 1);
  request.version = serving_.empty() ? nobody : serving_[traffic::choose(bits, serving_.size())]->version();
  const ClientEndpoint& e = application_.endpoint(request.version, endpoint);
  if (!e.served || (e.accept_below != ~std::uint64_t{0} && traffic::more_bits(bits, 0) > e.accept_below)) return;
  request.row = static_cast<std::int64_t>(traffic::choose(traffic::more_bits(bits, 1), static_cast<std::size_t>(application_.rows()))) + 1;
  request.serial = serial_++;
  ++in_system_;
  hand_over(request);
}

// Requires, as what follows: mutex_ is held.
void LoadGenerator::serve_due(const Later& later) {
  if (later.waits_in != nullptr) {
    if (!later.waits_in->leave_queue(later.place)) return;  // it has found a connection
    return not_connected(later.request, later.due, waited_too_long(later.request, later.due));
  }
  // Its client has given up while it paused.
  if (later.due >= client_limit(later.request)) return refuse(later.request, later.due, conduct::gave_up(backend_.dialect().engine));
  hand_over(later.request);
}

void LoadGenerator::hand_over(Request request) {
  if (serving_.empty()) {
    const ErrorKind nobody{ErrorClass::NoInstance, "", "no instance serves"};
    return request.tries == 0 ? refuse(request, request.arrival, nobody) : not_connected(request, clock_.now(), nobody);
  }
  const std::uint64_t bits = request.tries == 0 ? request.bits : traffic::more_bits(request.bits, 16U + static_cast<unsigned>(request.tries));
  Instance& instance = *serving_[traffic::choose(bits, serving_.size())];
  request.version = instance.version();
  if (!application_.endpoint(request.version, request.endpoint).served) {
    return not_connected(request, clock_.now(), {ErrorClass::NoInstance, "", "no instance serves this"});
  }
  const Instant until = std::min(clock_.now() + settings_.pool_timeout, client_limit(request));
  if (const std::uint64_t place = instance.push(request, until); place > 0) later_.push({until, request, &instance, place});
}

ErrorKind LoadGenerator::waited_too_long(const Request& request, Instant until) const {
  if (until >= client_limit(request)) return conduct::gave_up(backend_.dialect().engine);
  return {ErrorClass::PoolTimeout, "", "no connection from the pool in time"};
}

void LoadGenerator::not_connected(const Request& request, Instant at, const ErrorKind& error) {
  if (error.error == ErrorClass::RequestTimeout || !pause(request, at)) refuse(request, at, error);
}

bool LoadGenerator::pause(Request request, Instant failed) {
  const auto length = conduct::pause_after(settings_.retry, request.tries);
  if (!length) return false;
  ++request.tries;
  later_.push({std::min(failed + *length, client_limit(request)), request});
  wake_.notify_all();
  return true;
}

bool LoadGenerator::try_again(const Request& request, Instant failed) {
  const std::lock_guard guard(mutex_);
  return pause(request, failed);
}

void LoadGenerator::waited_for_nothing(const Request& request, Instant until) {
  const std::lock_guard guard(mutex_);
  not_connected(request, until, waited_too_long(request, until));
}

RequestRecord LoadGenerator::record_of(const Request& request) {
  return {request.arrival, request.arrival, request.arrival, {}, request.row, request.serial, request.version,
          request.endpoint, 0, true, false, 0};
}

void LoadGenerator::refuse(const Request& request, Instant end, const ErrorKind& error) {
  RequestRecord record = record_of(request);
  record.end = std::max(end, request.arrival);
  record.error = errors_.number(error);
  record.in_system = record.end > request.arrival;
  const std::lock_guard guard(refused_mutex_);
  refused_.push_back(record);
  --in_system_;
}

void LoadGenerator::end_arrivals() {
  const std::lock_guard guard(mutex_);
  arriving_ = false;
  wake_.notify_all();
}

void LoadGenerator::stop_dispatcher() {
  {
    const std::lock_guard guard(mutex_);
    over_ = true;
    arriving_ = false;
    wake_.notify_all();
  }
  if (dispatcher_.valid()) dispatcher_.wait();
}

void LoadGenerator::finish() {
  if (in_system_.load() > 0) backend_.cancel();
  stop_dispatcher();
  for (const auto& instance : instances_) instance->close(in_system_.load() > 0);
  for (const auto& instance : instances_) instance->join();
}

void LoadGenerator::abort() {
  stop_dispatcher();
  for (const auto& instance : instances_) instance->close(true);
  for (const auto& instance : instances_) instance->join();
}

std::vector<RequestRecord> LoadGenerator::records() const {
  std::vector<RequestRecord> all = refused_;
  for (const auto& instance : instances_) instance->append_records(all);
  std::sort(all.begin(), all.end(), [](const RequestRecord& a, const RequestRecord& b) {
    return a.arrival != b.arrival ? a.arrival < b.arrival : a.serial < b.serial;
  });
  return all;
}

Lateness LoadGenerator::lateness() const {
  std::vector<Duration> taken;
  for (const auto& instance : instances_) instance->append_lateness(taken);
  Lateness lateness{percentile(lateness_, 50), std::max(percentile(lateness_, 99), percentile(taken, 99)), latest_};
  for (const Duration late : taken) lateness.max = std::max(lateness.max, late);
  return lateness;
}

}  // namespace midflight::backends
