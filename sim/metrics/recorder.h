#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/kernel/time.h"
#include "sim/metrics/failure_series.h"
#include "sim/metrics/request_log.h"
#include "sim/metrics/slots.h"
#include "sim/model/measurement.h"
#include "sim/model/scenario.h"

namespace midflight::metrics {

using ErrorId = std::uint16_t;
inline constexpr ErrorId kSuccess = 0;

/// Turns what happens in one run into its Measurement, as it happens.
///
/// Fed by the simulator and by the replay alike.  Requests that arrive before
/// time 0 (the warm-up) are not counted.  Requests are named by the index of
/// their version and endpoint.
///
/// Threads: one at a time; a replay feeds it sorted records afterwards.
/// Cost:    entered() and ended() are a few sums each; nothing grows with time.
class Recorder {
 public:
  Recorder(const Objective& objective, std::vector<std::string> versions, std::vector<std::string> endpoints,
           std::size_t steps);

  /// A stable small number for an error; 0 is success.
  ErrorId intern(const ErrorKind& kind);
  const ErrorKind& error(ErrorId id) const { return errors_[id]; }

  /// A request came into the system (it waits or runs).  Requests that fail at
  /// once need not be entered.
  void entered(Instant now) {
    if (in_system_++ == 0) stall_from_ = now;
  }
  /// It left the system; `arrival` is when the client wanted it.
  void left(Instant now, bool success) {
    --in_system_;
    if (success || in_system_ == 0) {
      const Duration gap = now - stall_from_;
      if (gap > stall_) note_stall(gap);
      stall_from_ = now;
    }
  }
  /// The client has its answer.  Failed if `error` is not 0, delayed if later than the objective.
  void answered(std::uint32_t version, std::uint32_t endpoint, Instant arrival, Instant end, ErrorId error) {
    if (arrival < Instant{}) return;
    Count& count = counts_[version * endpoints_.size() + endpoint];
    ++count.requests;
    if (log_ != nullptr) [[unlikely]] log_->add(arrival, end - arrival, version, endpoint, error);
    const bool late = end - arrival > latency_;
    if (error == kSuccess && !late) [[likely]] {
      slots_.add(slot_of(arrival), endpoint, 1, 0);
      return;
    }
    slots_.add(slot_of(arrival), endpoint, 1, 1);
    error == kSuccess ? void(++count.delayed) : note_failed(count, version, endpoint, error, 1, arrival);
  }

  /// Requests counted, not told one by one.  Slots are told separately.
  void counted(std::uint32_t version, std::uint32_t endpoint, std::int64_t requests, ErrorId error, Instant around);

  Slots& slots() { return slots_; }
  std::int64_t in_system() const { return in_system_; }
  std::size_t endpoints() const { return endpoints_.size(); }

  StepMeasurement& step(std::size_t index) { return steps_[index]; }
  const std::vector<StepMeasurement>& steps() const { return steps_; }

  /// Rows now diverged; keeps the peak.
  void diverged(std::int64_t rows, Instant now) {
    if (rows > 0 || diverged_ > 0) note_seen(diverging_, rows, now, now);
    diverged_ = rows;
    if (rows > diverged_peak_) diverged_peak_ = rows;
  }
  void stale_reads(std::int64_t count, Instant from, Instant until) {
    stale_reads_ += count;
    if (count > 0) note_seen(misreading_, count, from, until);
  }
  void lost_writes(std::int64_t count) { lost_writes_ = count; }
  void overlap(Duration length) { overlap_ += length; }
  void deployed() { ++deployments_; }
  void overloaded() { overloaded_ = true; }
  void endless() { endless_ = true; }

  /// Lines of the story; kept only when `tell` was called before the run.
  void tell(bool on) { telling_ = on; }
  bool telling() const { return telling_; }
  void tell(TimelineEntry entry) { if (telling_) timeline_.push_back(std::move(entry)); }
  void tell(QueueMoment moment) { if (telling_) queue_.push_back(std::move(moment)); }

  /// Also writes down every request that is answered; the log outlives the recorder.
  void keep(RequestLog* log) { log_ = log; }

  /// Closes the books.  `why` is empty when the plan was carried out.
  /// Requires: every request has been answered or counted.
  Measurement finish(Instant plan_end, const std::string& why);

 private:
  struct Count { std::int64_t requests = 0, failed = 0, delayed = 0; };
  void note_failed(Count& count, std::uint32_t version, std::uint32_t endpoint, ErrorId error, std::int64_t n, Instant at);
  void tell_errors();
  void tell_data(Instant plan_end);
  void note_stall(Duration gap) {
    if (gap >= kSlot) stall_ = gap;  // shorter ones are ordinary service, not a stall
  }
  void add_endpoints(Measurement& m) const;
  void add_errors(Measurement& m) const;

  Duration latency_;
  std::vector<std::string> versions_, endpoints_;
  std::vector<ErrorKind> errors_;
  std::vector<Count> counts_;                ///< [version][endpoint]
  struct Failures { std::int64_t count = 0; Instant first{}, last{}; };
  static void note_seen(Failures& seen, std::int64_t count, Instant from, Instant until) {
    if (seen.count == 0) seen.first = from;
    seen.count += count;
    seen.last = until;
  }
  std::vector<Failures> failures_;           ///< [error][version][endpoint]
  Slots slots_;
  std::int64_t in_system_ = 0;
  Instant stall_from_{};
  Duration stall_{};
  std::vector<StepMeasurement> steps_;
  std::int64_t diverged_ = 0, diverged_peak_ = 0, stale_reads_ = 0, lost_writes_ = 0;
  Failures diverging_, misreading_;
  Duration overlap_{};
  int deployments_ = 0;
  bool overloaded_ = false, endless_ = false, telling_ = false;
  std::vector<TimelineEntry> timeline_;
  std::vector<QueueMoment> queue_;
  FailureSeries told_failures_;              ///< only when telling
  RequestLog* log_ = nullptr;
};

/// A hash over every number of a measurement: the receipt of a seed.
std::uint64_t fingerprint(const Measurement& m);

}  // namespace midflight::metrics
