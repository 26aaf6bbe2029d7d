#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "sim/kernel/time.h"

namespace midflight {

/// Processors shared evenly: each of n running jobs progresses at
/// min(1, cores / n), so a job ends after its demand plus what sharing costs.
///
/// Works in virtual time, the service a job would have had since the start;
/// jobs end in the order of their virtual ends, whatever n does meanwhile.
///
/// Scope: no priorities, no affinity, no switching cost.
/// Cost:  a start and an end are one heap operation each; cancelling is free.
class Processors {
 public:
  using Job = std::uint32_t;

  /// `cores <= 0` means as many as there are jobs.
  explicit Processors(double cores) : cores_(cores) { limit_full_speed(); }

  /// Begins a job at `now`.  Returns: a ticket, to cancel it or to recognise its end.
  std::uint32_t start(Job job, Duration demand, Instant now) {
    advance(now);
    push(entry_of(virtual_ns_ + demand.ns, ++ticket_, job));
    ++running_;
    refresh(now);
    return ticket_;
  }

  /// When the next job ends if nothing starts before; never() when idle.
  Instant next() const { return next_; }

  struct End { Job job; std::uint32_t ticket; };
  /// Ends the job due at next().  A cancelled job still surfaces here: compare
  /// its ticket.  Requires: now == next().
  End end(Instant now) {
    advance(now);
    const Entry top = heap_.front();
    if (virtual_end(top) > virtual_ns_) virtual_ns_ = virtual_end(top);
    pop();
    if (!cancelled_.empty() && cancelled_.erase(ticket_of(top)) > 0) [[unlikely]] {
      refresh(now);
      return {job_of(top), 0};
    }
    --running_;
    refresh(now);
    return {job_of(top), ticket_of(top)};
  }

  /// Stops a job early.
  void cancel(std::uint32_t ticket, Instant now);

  /// The share of a job's demand that is still ahead, in virtual time.
  Duration left(std::uint32_t ticket, Instant now);

  int running() const { return running_; }

  /// Capacity as a share of nominal: below 1 right after a stall, or while
  /// traffic that is not simulated job by job takes its part.
  void set_efficiency(double efficiency, Instant now) {
    advance(now);
    efficiency_ = efficiency;
    limit_full_speed();
    refresh(now);
  }
  double efficiency() const { return efficiency_; }

 private:
  /// Virtual end, ticket and job as one number: which of two jobs ends first
  /// cannot be guessed, so comparing them must not branch.
  __extension__ typedef __int128 Entry;
  static Entry entry_of(std::int64_t virtual_ns, std::uint32_t ticket, Job job) {
    return static_cast<Entry>(virtual_ns) << 64 | static_cast<Entry>(static_cast<std::uint64_t>(ticket) << 32 | job);
  }
  static std::int64_t virtual_end(Entry e) { return static_cast<std::int64_t>(e >> 64); }
  static std::uint32_t ticket_of(Entry e) { return static_cast<std::uint32_t>(e >> 32); }
  static Job job_of(Entry e) { return static_cast<Job>(e); }

  double rate() const {
    if (cores_ <= 0) return efficiency_;
    const double share = cores_ / running_;
    return (share < 1 ? share : 1) * efficiency_;
  }
  bool at_full_speed() const { return running_ <= full_speed_most_; }
  void limit_full_speed() {
    constexpr double kMost = 1e9;
    full_speed_most_ = efficiency_ != 1 ? -1 : static_cast<int>(cores_ <= 0 || cores_ > kMost ? kMost : cores_);
  }

  void advance(Instant now) {
    const std::int64_t dt = now.ns - real_ns_;
    real_ns_ = now.ns;
    if (at_full_speed()) {
      virtual_ns_ += dt;
    } else if (running_ > 0) {
      const double exact = static_cast<double>(dt) * rate() + rest_;
      const auto whole = static_cast<std::int64_t>(exact);
      rest_ = exact - static_cast<double>(whole);
      virtual_ns_ += whole;
    }
  }
  void refresh(Instant now) {
    if (heap_.empty()) {
      next_ = Instant::never();
      return;
    }
    const std::int64_t ahead = virtual_end(heap_.front()) - virtual_ns_;
    if (ahead <= 0) {
      next_ = now;
    } else if (at_full_speed()) {
      next_ = now + Duration{ahead};
    } else {
      next_ = now + Duration{1 + static_cast<std::int64_t>(static_cast<double>(ahead) / rate())};
    }
  }
  void push(Entry entry) {
    heap_.push_back(entry);
    rise(heap_.size() - 1, entry);
  }
  void rise(std::size_t at, Entry entry) {
    Entry* const heap = heap_.data();
    while (at > 0) {
      const std::size_t parent = (at - 1) / 4;
      if (!(entry < heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = entry;
  }
  /// The hole goes all the way down, then the last entry rises from there: it
  /// belongs near the bottom nearly always, so few comparisons surprise.
  void pop() {
    const Entry last = heap_.back();
    heap_.pop_back();
    const std::size_t n = heap_.size();
    if (n == 0) return;
    Entry* const heap = heap_.data();
    std::size_t at = 0, first = 1;
    for (; first + 4 <= n; first = at * 4 + 1) {
      const std::size_t left = first + static_cast<std::size_t>(heap[first + 1] < heap[first]);
      const std::size_t right = first + 2 + static_cast<std::size_t>(heap[first + 3] < heap[first + 2]);
      const std::size_t best = heap[right] < heap[left] ? right : left;
      heap[at] = heap[best];
      at = best;
    }
    if (first < n) {
      std::size_t best = first;
      for (std::size_t c = first + 1; c < n; ++c) best = heap[c] < heap[best] ? c : best;
      heap[at] = heap[best];
      at = best;
    }
    rise(at, last);
  }

  double cores_;
  double efficiency_ = 1;
  int full_speed_most_ = 0;                      ///< so many jobs run as if each were alone
  int running_ = 0;
  std::int64_t real_ns_ = 0, virtual_ns_ = 0;
  double rest_ = 0;
  Instant next_ = Instant::never();
  std::uint32_t ticket_ = 0;
  std::vector<Entry> heap_;
  std::unordered_set<std::uint32_t> cancelled_;  ///< tickets still in the heap
};

}  // namespace midflight
