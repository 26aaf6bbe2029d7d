#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace midflight::cli {

/// One line on stderr that says how far the work is, how long it has taken and
/// how long it may still take; it goes on counting while nothing is reported.
/// Silent unless stderr is a terminal.
class Progress {
 public:
  explicit Progress(bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::int64_t done, std::int64_t all);
  /// `share` below 0: nobody knows.  `foreseen`: it is a share of the time, of which
  /// a prediction knows the whole, so that the smallest one tells the rest.
  void show(const std::string& what, double share, bool foreseen = false);
  /// A line that stays, terminal or not.
  void note(const std::string& line);

 private:
  using Clock = std::chrono::steady_clock;
  void draw();
  void keep_counting();
  std::string rest(double elapsed) const;

  bool on_;
  bool drawn_ = false;
  bool over_ = false;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point last_{};
  std::string what_ = "at work";
  double finish_s_ = -1;           ///< after so long it will be done, as far as is known
  std::mutex mutex_;               ///< guards all of the above
  std::condition_variable ending_;
  std::thread counter_;
};

}  // namespace midflight::cli
