#include "sim/metrics/failure_series.h"

namespace midflight::metrics {

void FailureSeries::add(Instant at, std::uint32_t version, std::int64_t count) {
  if (at < Instant{} || count <= 0) return;
  counts_[{at.ns / width_.ns, version}] += count;
  while (counts_.size() > kSpansMax) widen();
}

void FailureSeries::widen() {
  width_ = width_ * 2;
  std::map<std::pair<std::int64_t, std::uint32_t>, std::int64_t> wider;
  for (const auto& [key, count] : counts_) wider[{key.first / 2, key.second}] += count;
  counts_ = std::move(wider);
}

std::vector<FailedSpan> FailureSeries::spans(const std::vector<std::string>& versions) const {
  std::vector<FailedSpan> all;
  for (const auto& [key, count] : counts_) {
    const Instant from = Instant{} + width_ * key.first;
    all.push_back({from, from + width_, versions[key.second], count});
  }
  return all;
}

}  // namespace midflight::metrics
