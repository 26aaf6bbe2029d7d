#include "sim/metrics/summary.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/kernel/error.h"

namespace midflight::metrics {

namespace {

double nearest_rank(const std::vector<double>& sorted, int percent) {
  const std::size_t n = sorted.size();
  const std::size_t rank = (n * static_cast<std::size_t>(percent) + 99) / 100;
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

template <auto Member>
double seconds(const Measurement& m) { return (m.*Member).seconds(); }

template <auto Member>
double count(const Measurement& m) { return static_cast<double>(m.*Member); }

}  // namespace

Summary summarize(std::vector<double> values) {
  MIDFLIGHT_CHECK(!values.empty());
  double sum = 0;
  for (const double v : values) sum += v;  // in run order, before sorting
  const double mean = sum / static_cast<double>(values.size());
  std::sort(values.begin(), values.end());
  return {mean, nearest_rank(values, 5), nearest_rank(values, 50), nearest_rank(values, 95)};
}

const std::vector<Quantity>& quantities() {
  static const std::vector<Quantity> all = {
      {"downtime_s", seconds<&Measurement::downtime>},
      {"failed_requests", count<&Measurement::failed_requests>},
      {"delayed_requests", count<&Measurement::delayed_requests>},
      {"requests", count<&Measurement::requests>},
      {"stall_s", seconds<&Measurement::stall>},
      {"diverged_rows_peak", count<&Measurement::diverged_rows_peak>},
      {"diverged_rows", count<&Measurement::diverged_rows>},
      {"stale_reads", count<&Measurement::stale_reads>},
      {"lost_writes", count<&Measurement::lost_writes>},
      {"total_time_s", seconds<&Measurement::total_time>},
      {"overlap_s", seconds<&Measurement::overlap>},
  };
  return all;
}

Summary summarize(const std::vector<Measurement>& runs, const Quantity& quantity) {
  std::vector<double> values;
  values.reserve(runs.size());
  for (const Measurement& m : runs) values.push_back(quantity.of(m));
  return summarize(std::move(values));
}

Summary lasting_downtime(const std::vector<Measurement>& runs) {
  std::vector<double> values;
  values.reserve(runs.size());
  for (const Measurement& m : runs) values.push_back(m.endless ? std::numeric_limits<double>::infinity() : m.downtime.seconds());
  return summarize(std::move(values));
}

}  // namespace midflight::metrics
