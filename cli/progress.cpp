#include "cli/progress.h"

#include <fmt/core.h>
#include <unistd.h>

#include "sim/io/text_number.h"

namespace midflight::cli {

namespace {
constexpr auto kBetween = std::chrono::milliseconds(100);
/// Shorter work than this is not worth a line.
constexpr auto kTick = std::chrono::milliseconds(500);
/// Below this share an estimate of the rest is noise.
constexpr double kShareForEstimate = 0.02;

double seconds(std::chrono::steady_clock::duration d) { return std::chrono::duration<double>(d).count(); }
}  // namespace

Progress::Progress(bool quiet) : on_(!quiet && ::isatty(STDERR_FILENO) == 1) {
  if (on_) counter_ = std::thread([this] { keep_counting(); });
}

Progress::~Progress() {
  {
    const std::lock_guard guard(mutex_);
    over_ = true;
  }
  ending_.notify_all();
  if (counter_.joinable()) counter_.join();
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::show(std::int64_t done, std::int64_t all) {
  show(fmt::format("{}/{} runs", done, all), all > 0 ? static_cast<double>(done) / static_cast<double>(all) : -1);
}

void Progress::show(const std::string& what, double share, bool foreseen) {
  if (!on_) return;
  const std::lock_guard guard(mutex_);
  what_ = what;
  const bool telling = foreseen ? share > 0 : share >= kShareForEstimate;
  finish_s_ = telling ? seconds(Clock::now() - begun_) / share : -1;
  if (Clock::now() - last_ >= kBetween) draw();
}

void Progress::note(const std::string& line) {
  const std::lock_guard guard(mutex_);
  fmt::print(stderr, "{}midflight: {}\n", drawn_ ? "\r\x1b[K" : "", line);
  std::fflush(stderr);
  drawn_ = false;
}

void Progress::keep_counting() {
  std::unique_lock guard(mutex_);
  while (!ending_.wait_for(guard, kTick, [this] { return over_; })) {
    if (Clock::now() - last_ >= kTick) draw();
  }
}

std::string Progress::rest(double elapsed) const {
  return finish_s_ <= elapsed ? "" : fmt::format(", {} left", io::human_seconds(finish_s_ - elapsed));
}

void Progress::draw() {
  last_ = Clock::now();
  drawn_ = true;
  const double elapsed = seconds(last_ - begun_);
  fmt::print(stderr, "\r\x1b[K{}, {}{}", what_, io::human_seconds(elapsed), rest(elapsed));
  std::fflush(stderr);
}

}  // namespace midflight::cli
