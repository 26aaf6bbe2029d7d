#pragma once

#include <chrono>
#include <cstdint>

namespace midflight::backends {

inline constexpr std::int64_t kRowsLeast = 1000;   ///< of a scratch table

/// How much of the measuring of one table a slow server is spared.
struct Effort {
  std::int64_t rows = 0;
  int tries = 0;
  bool operator==(const Effort&) const = default;
};

/// The time that a calibration may take, and what is to be left out so that it
/// does: first the tries beyond one, then rows.
class TimeBudget {
 public:
  using Clock = std::chrono::steady_clock;
  /// `seconds`: of all; infinite where it may take what it takes.
  explicit TimeBudget(double seconds) : seconds_(seconds) {}

  /// Of the time for work on tables; the rest belongs to the requests after it.
  double left_s() const;

  /// What fits into the seconds that are left, judged by the tables before.
  /// `bytes`: of a row.
  Effort effort(Effort wanted, std::int64_t bytes, double left_s) const;
  /// A table was measured after so long.
  void took(const Effort& effort, std::int64_t bytes, double seconds);
  /// A table was not done after so long: none after it is taken to be faster,
  /// however fast a smaller one was.
  void gave_up(const Effort& effort, std::int64_t bytes, double seconds);

 private:
  double foreseen_s(const Effort& effort, std::int64_t bytes) const;
  static double per_byte_s(const Effort& effort, std::int64_t bytes, double seconds);

  double seconds_;
  Clock::time_point begun_ = Clock::now();
  double per_byte_s_ = 0;   ///< of one try; 0: nobody knows yet
  double least_s_ = 0;      ///< the same, of tables that were given up
};

}  // namespace midflight::backends
