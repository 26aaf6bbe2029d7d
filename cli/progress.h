#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace midflight::cli {

/// One line on stderr that says how far the work is, how long it has taken and
/// how long it may still take.  Silent unless stderr is a terminal.
class Progress {
 public:
  explicit Progress(bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::int64_t done, std::int64_t all);
  /// `share` below 0: nobody knows.
  void show(const std::string& what, double share);
  /// A line that stays, terminal or not.
  void note(const std::string& line);

 private:
  using Clock = std::chrono::steady_clock;
  void draw(const std::string& what, double share);

  bool on_;
  bool drawn_ = false;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point last_{};
};

}  // namespace midflight::cli
