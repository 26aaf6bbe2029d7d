#include "backends/calibrate/budget.h"

#include <algorithm>

namespace midflight::backends {
namespace {

constexpr double kShareForTables = 0.65;
// Filling the table, updates of all rows and batches take as long as this many tries of the rest.
constexpr double kFixedTries = 2;

}  // namespace

double TimeBudget::left_s() const {
  return seconds_ * kShareForTables - std::chrono::duration<double>(Clock::now() - begun_).count();
}

double TimeBudget::foreseen_s(const Effort& effort, std::int64_t bytes) const {
  return per_byte_s_ * static_cast<double>(effort.rows) * static_cast<double>(bytes) * (effort.tries + kFixedTries);
}

double TimeBudget::per_byte_s(const Effort& effort, std::int64_t bytes, double seconds) {
  return seconds / (static_cast<double>(effort.rows) * static_cast<double>(bytes) * (effort.tries + kFixedTries));
}

Effort TimeBudget::effort(Effort wanted, std::int64_t bytes, double left_s) const {
  if (foreseen_s(wanted, bytes) <= left_s) return wanted;
  wanted.tries = 1;
  const double whole = foreseen_s(wanted, bytes);
  if (whole > left_s) wanted.rows = std::max(kRowsLeast, static_cast<std::int64_t>(static_cast<double>(wanted.rows) * std::max(0.0, left_s / whole)));
  return wanted;
}

void TimeBudget::took(const Effort& effort, std::int64_t bytes, double seconds) {
  per_byte_s_ = std::max(least_s_, per_byte_s(effort, bytes, seconds));
}

void TimeBudget::gave_up(const Effort& effort, std::int64_t bytes, double seconds) {
  per_byte_s_ = least_s_ = std::max(least_s_, per_byte_s(effort, bytes, seconds));
}

}  // namespace midflight::backends
