#include "backends/calibrate/fit.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>

#include "backends/calibrate/least_squares.h"
#include "backends/timing.h"

namespace midflight::backends {
namespace {

using cost::Profile;

constexpr std::array<double Profile::*, 19> kFitted = {
    &Profile::metadata_s,        &Profile::scan_rows_per_s,        &Profile::scan_bytes_per_s,  &Profile::rewrite_bytes_per_s,
    &Profile::rewrite_rows_per_s,
    &Profile::foreign_key_rows_per_s, &Profile::foreign_key_far_rows_per_s, &Profile::foreign_key_near_rows,
    &Profile::uuid_rows_per_s,
    &Profile::index_rows_per_s,   &Profile::index_text_rows_per_s,  &Profile::index_key_rows_per_s,
    &Profile::index_check_rows_per_s, &Profile::update_rows_per_s, &Profile::update_bytes_per_s, &Profile::update_index_share,
    &Profile::update_key_share,   &Profile::batch_s,                &Profile::batch_rows_per_s};
constexpr double kLogRange = 6.9;  // a factor of 1,000 either way from the documented default; a profile is read up to there
constexpr double kSpreadLeast = 0.03, kSpreadMost = 0.6;

/// Logarithms, as steps from the start: everything positive, everything of order 1.
Profile moved(const Profile& start, const std::vector<double>& steps) {
  Profile profile = start;
  for (std::size_t i = 0; i < kFitted.size(); ++i) {
    profile.*kFitted[i] *= std::exp(std::clamp(steps[i], -kLogRange, kLogRange));
  }
  return profile;
}

std::vector<double> all_residuals(const std::vector<Observation>& observations, const Profile& profile) {
  std::vector<double> residuals;
  for (const Observation& observation : observations) residuals.push_back(log_residual(observation, profile));
  return residuals;
}

double unexplained(const std::vector<Observation>& observations, const Profile& profile) {
  double sum = 0;
  int count = 0;
  for (const Observation& observation : observations) {
    for (const double seconds : observation.seconds) {
      const double off = std::log(std::max(predicted_s(observation, profile), 1e-9) / std::max(seconds, 1e-9));
      sum += off * off;
      ++count;
    }
  }
  return count == 0 ? 0 : std::sqrt(sum / count);
}

}  // namespace

double rounded(double value) { return std::stod(fmt::format("{:.4g}", value)); }

Profile fitted(const std::vector<Observation>& observations, const Profile& start) {
  const auto residuals = [&](const std::vector<double>& steps) { return all_residuals(observations, moved(start, steps)); };
  Profile profile = moved(start, least_squares(residuals, std::vector<double>(kFitted.size(), 0)));
  for (const auto parameter : kFitted) profile.*parameter = rounded(profile.*parameter);
  profile.spread = rounded(std::clamp(unexplained(observations, profile), kSpreadLeast, kSpreadMost));
  return profile;
}

std::vector<FamilyResidual> residuals_by_family(const std::vector<Observation>& observations, const Profile& profile) {
  std::vector<std::string> order;
  std::map<std::string, std::vector<double>> errors;
  for (const Observation& observation : observations) {
    if (!errors.contains(observation.family)) order.push_back(observation.family);
    errors[observation.family].push_back(std::fabs(predicted_s(observation, profile) / observation.measured_s() - 1));
  }
  std::vector<FamilyResidual> residuals;
  for (const std::string& family : order) {
    const std::vector<double>& all = errors[family];
    residuals.push_back({family, static_cast<int>(all.size()), median(all), *std::max_element(all.begin(), all.end())});
  }
  return residuals;
}

}  // namespace midflight::backends
