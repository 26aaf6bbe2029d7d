#pragma once

#include <string>

#include "sim/kernel/random.h"
#include "sim/model/scenario.h"

namespace midflight::traffic {

/// The dice of one run that are thrown by the environment, not by the database:
/// arrivals, background jobs, start-up and drain of instances.
///
/// A replay asks the same questions with the same seed and gets the same
/// answers; that pairs a measurement with its prediction.
class Environment {
 public:
  Environment(std::uint64_t seed, std::uint64_t run) : seed_(seed), run_(run) {}

  StreamKey key(std::string_view name) const { return {seed_, run_, stream_id(name)}; }
  StreamKey arrivals(const std::string& endpoint) const { return key("arrivals/" + endpoint); }

  /// Of the `instance`-th instance that deploy step `step` starts or stops (from 0).
  Duration startup(const Rollout& rollout, const std::string& step, std::uint64_t instance) const;
  Duration drain(const Rollout& rollout, const std::string& step, std::uint64_t instance) const;

  /// When the k-th transaction of a background job begins, k = 0, 1, ...;
  /// never() past the last one.  Jobs start up to 30 s before time 0.
  Instant background_start(const BackgroundJob& job, std::uint64_t k) const;
  Duration background_length(const BackgroundJob& job, std::uint64_t k) const;

 private:
  Duration sample(const Distribution& d, const std::string& stream, std::uint64_t index) const;
  std::uint64_t seed_, run_;
};

/// Traffic and background start this long before the plan ...
inline constexpr Duration kLeadIn = Duration::seconds(30);
/// ... and go on this long after it, so that a broken end shows.
inline constexpr Duration kLeadOut = Duration::seconds(30);

}  // namespace midflight::traffic
