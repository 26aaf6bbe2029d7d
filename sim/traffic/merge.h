#pragma once

#include <vector>

#include "sim/traffic/arrivals.h"

namespace midflight::traffic {

/// Several streams of arrivals as one, in order of time.
class Merge {
 public:
  void add(Arrivals arrivals) { streams_.push_back(std::move(arrivals)); }

  /// Goes to the first arrivals at or after `from`.
  void seek(Instant from) {
    for (Arrivals& stream : streams_) stream.seek(from);
    choose();
  }
  /// No arrivals until the next seek().
  void stop() { at_ = Instant::never(); }

  /// Of the next arrival; never() when stopped.
  Instant at() const { return at_; }
  std::uint32_t stream() const { return first_; }
  std::uint64_t bits() const { return streams_[first_].bits(); }
  void advance() {
    streams_[first_].advance();
    choose();
  }

 private:
  void choose() {
    if (streams_.empty()) return stop();
    first_ = 0;
    at_ = streams_[0].at();
    for (std::uint32_t i = 1; i < streams_.size(); ++i) {
      const Instant t = streams_[i].at();
      if (t < at_) at_ = t, first_ = i;
    }
  }

  std::vector<Arrivals> streams_;
  std::uint32_t first_ = 0;
  Instant at_ = Instant::never();
};

}  // namespace midflight::traffic
