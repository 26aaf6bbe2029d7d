#include "sim/metrics/recorder.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "sim/kernel/count_text.h"
#include "sim/kernel/error.h"

namespace midflight::metrics {

Recorder::Recorder(const Objective& objective, std::vector<std::string> versions, std::vector<std::string> endpoints,
                   std::size_t steps)
    : latency_(objective.latency),
      versions_(std::move(versions)),
      endpoints_(std::move(endpoints)),
      errors_(1),
      counts_(versions_.size() * endpoints_.size()),
      failures_(counts_.size()),
      slots_(endpoints_.size(), objective.errors),
      steps_(steps) {}

ErrorId Recorder::intern(const ErrorKind& kind) {
  const auto known = std::find(errors_.begin() + 1, errors_.end(), kind);
  if (known != errors_.end()) return static_cast<ErrorId>(known - errors_.begin());
  MIDFLIGHT_CHECK(errors_.size() < 65535);
  errors_.push_back(kind);
  failures_.resize(errors_.size() * counts_.size());
  return static_cast<ErrorId>(errors_.size() - 1);
}

void Recorder::note_failed(Count& count, std::uint32_t version, std::uint32_t endpoint, ErrorId error,
                           std::int64_t n, Instant at) {
  count.failed += n;
  Failures& failures = failures_[error * counts_.size() + version * endpoints_.size() + endpoint];
  if (failures.count == 0 && n > 0) failures.first = at;
  failures.count += n;
  failures.last = std::max(failures.last, at);
  if (telling_) told_failures_.add(at, version, n);
}

void Recorder::counted(std::uint32_t version, std::uint32_t endpoint, std::int64_t requests, ErrorId error,
                       Instant around) {
  Count& count = counts_[version * endpoints_.size() + endpoint];
  count.requests += requests;
  if (error != kSuccess && requests > 0) note_failed(count, version, endpoint, error, requests, around);
}

void Recorder::add_endpoints(Measurement& m) const {
  for (std::size_t v = 0; v < versions_.size(); ++v) {
    for (std::size_t e = 0; e < endpoints_.size(); ++e) {
      const Count& count = counts_[v * endpoints_.size() + e];
      if (count.requests == 0) continue;
      m.endpoints.push_back({versions_[v], endpoints_[e], slots_.downtime(e), count.requests, count.failed, count.delayed});
      m.requests += count.requests;
      m.failed_requests += count.failed;
      m.delayed_requests += count.delayed;
    }
  }
}

void Recorder::add_errors(Measurement& m) const {
  for (std::size_t i = counts_.size(); i < failures_.size(); ++i) {
    if (failures_[i].count == 0) continue;
    const std::size_t at = i % counts_.size();
    m.errors.push_back({errors_[i / counts_.size()], versions_[at / endpoints_.size()],
                        endpoints_[at % endpoints_.size()], failures_[i].count});
  }
  const auto key = [](const ErrorCount& e) { return std::tie(e.version, e.endpoint, e.kind.error, e.kind.message); };
  std::sort(m.errors.begin(), m.errors.end(), [&](const ErrorCount& a, const ErrorCount& b) { return key(a) < key(b); });
}

void Recorder::tell_errors() {
  for (std::size_t i = counts_.size(); i < failures_.size(); ++i) {
    const Failures& f = failures_[i];
    if (f.count == 0) continue;
    const std::size_t at = i % counts_.size();
    const std::string& version = versions_[at / endpoints_.size()];
    const ErrorKind& kind = errors_[i / counts_.size()];
    tell({f.first, f.last, "errors",
          fmt::format("{} {}{}{} failed: {}", count_text(f.count), version, version.empty() ? "" : " ",
                      endpoints_[at % endpoints_.size()], kind.message)});
  }
  for (const Slots::Stretch& s : slots_.stretches()) {
    tell({Instant{} + kSlot * s.from, Instant{} + kSlot * s.until, "traffic", "down"});
  }
}

/// Damage that no error tells anybody about.
void Recorder::tell_data(Instant plan_end) {
  if (diverged_peak_ > 0) {
    tell({diverging_.first, diverging_.last, "data",
          fmt::format("up to {} diverged: a version that serves reads another value than the last acknowledged one",
                      count_text(diverged_peak_, "row"))});
  }
  if (stale_reads_ > 0) {
    tell({misreading_.first, misreading_.last, "data", count_text(stale_reads_, "read") + " of an older value"});
  }
  if (lost_writes_ > 0) {
    tell({plan_end, plan_end, "data",
          fmt::format("{} lost: the column that is left does not have {}", count_text(lost_writes_, "acknowledged value"),
                      lost_writes_ == 1 ? "it" : "them")});
  }
}

Measurement Recorder::finish(Instant plan_end, const std::string& why) {
  if (telling_) tell_errors(), tell_data(plan_end);
  if (log_ != nullptr) log_->versions = versions_, log_->endpoints = endpoints_, log_->errors = errors_;
  Measurement m;
  m.completed = why.empty();
  m.why_incomplete = why;
  m.overloaded = overloaded_;
  m.endless = endless_;
  m.downtime = slots_.downtime();
  m.stall = stall_;
  m.total_time = plan_end - Instant{};
  m.overlap = overlap_;
  m.diverged_rows_peak = diverged_peak_;
  m.diverged_rows = diverged_;
  m.stale_reads = stale_reads_;
  m.lost_writes = lost_writes_;
  m.deployments = deployments_;
  add_endpoints(m);
  add_errors(m);
  m.steps = std::move(steps_);
  m.timeline = std::move(timeline_);
  m.queue = std::move(queue_);
  m.failures = told_failures_.spans(versions_);
  m.fingerprint = fingerprint(m);
  return m;
}

namespace {

class Hash {
 public:
  void add(std::int64_t value) { h_ = (h_ ^ static_cast<std::uint64_t>(value)) * 0x9e3779b97f4a7c15ULL, h_ ^= h_ >> 29; }
  void add(const std::string& text) { for (const char c : text) add(c); add(-1); }
  std::uint64_t value() const { return h_; }

 private:
  std::uint64_t h_ = 0x243f6a8885a308d3ULL;
};

}  // namespace

std::uint64_t fingerprint(const Measurement& m) {
  Hash h;
  for (const std::int64_t v :
       {m.downtime.ns, m.stall.ns, m.total_time.ns, m.overlap.ns, m.requests, m.failed_requests, m.delayed_requests,
        m.diverged_rows_peak, m.diverged_rows, m.stale_reads, m.lost_writes, std::int64_t{m.deployments},
        std::int64_t{m.completed}, std::int64_t{m.overloaded}}) {
    h.add(v);
  }
  if (m.endless) h.add(std::int64_t{1});
  for (const EndpointMeasurement& e : m.endpoints) {
    h.add(e.version), h.add(e.endpoint);
    for (const std::int64_t v : {e.downtime.ns, e.requests, e.failed, e.delayed}) h.add(v);
  }
  for (const ErrorCount& e : m.errors) h.add(e.kind.message), h.add(e.version), h.add(e.endpoint), h.add(e.count);
  for (const StepMeasurement& s : m.steps) {
    for (const std::int64_t v : {std::int64_t{s.reached}, s.start.ns, s.end.ns, s.lock_wait.ns, s.held.ns, s.tries,
                                 s.blocked_requests}) {
      h.add(v);
    }
  }
  return h.value();
}

}  // namespace midflight::metrics
