#include "backends/time_left.h"

#include <algorithm>

namespace midflight::backends {

TimeLeft::TimeLeft(const Measurement& predicted, Clock::time_point begun, Duration after)
    : steps_(predicted.steps), begun_(begun), plan_end_(Instant{} + predicted.total_time), after_(after), foreseen_(true) {}

void TimeLeft::began(std::size_t step, Instant now) {
  if (!known(step)) return;
  late_ = now - steps_[step].start;
  running_.push_back(step);
}

void TimeLeft::ended(std::size_t step, Instant now) {
  if (known(step)) late_ = now - steps_[step].end;
  std::erase(running_, step);
}

Duration TimeLeft::left(Instant now) const {
  if (ended_) return std::max(Duration{}, plan_end_ + after_ - now);
  Instant reached = now - late_;
  for (const std::size_t step : running_) reached = std::min(reached, std::max(steps_[step].start, steps_[step].end));
  return std::max(Duration{}, plan_end_ - reached) + after_;
}

double TimeLeft::share(Instant now, Clock::time_point clock) const {
  if (!foreseen_) return -1;
  const double elapsed = std::chrono::duration<double>(clock - begun_).count(), whole = elapsed + left(now).seconds();
  return whole > 0 ? elapsed / whole : 1;
}

}  // namespace midflight::backends
