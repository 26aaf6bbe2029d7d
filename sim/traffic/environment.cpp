#include "sim/traffic/environment.h"

namespace midflight::traffic {

Duration Environment::sample(const Distribution& d, const std::string& stream, std::uint64_t index) const {
  Random random(key(stream), index);
  return d.sample(random);
}

Duration Environment::startup(const Rollout& rollout, const std::string& step, std::uint64_t instance) const {
  return sample(rollout.startup, "startup/" + step, instance);
}

Duration Environment::drain(const Rollout& rollout, const std::string& step, std::uint64_t instance) const {
  return sample(rollout.drain, "drain/" + step, instance);
}

Instant Environment::background_start(const BackgroundJob& job, std::uint64_t k) const {
  if (job.at) return k == 0 ? Instant{} + *job.at : Instant::never();
  Random random(key("phase/" + job.name));
  const auto phase = static_cast<std::int64_t>(random.uniform() * static_cast<double>(job.every->ns));
  return Instant{} - kLeadIn + Duration{phase} + *job.every * static_cast<std::int64_t>(k);
}

Duration Environment::background_length(const BackgroundJob& job, std::uint64_t k) const {
  return sample(job.time, "background/" + job.name, k);
}

}  // namespace midflight::traffic
