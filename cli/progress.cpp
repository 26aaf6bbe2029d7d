#include "cli/progress.h"

#include <fmt/core.h>
#include <unistd.h>

#include "sim/io/text_number.h"

namespace midflight::cli {

namespace {
constexpr auto kBetween = std::chrono::milliseconds(100);
/// Below this share an estimate of the rest is noise.
constexpr double kShareForEstimate = 0.02;
}

Progress::Progress(bool quiet) : on_(!quiet && ::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::show(std::int64_t done, std::int64_t all) {
  draw(fmt::format("{}/{} runs", done, all), all > 0 ? static_cast<double>(done) / static_cast<double>(all) : -1);
}

void Progress::show(const std::string& what, double share) { draw(what, share); }

void Progress::note(const std::string& line) {
  fmt::print(stderr, "{}midflight: {}\n", drawn_ ? "\r\x1b[K" : "", line);
  std::fflush(stderr);
  drawn_ = false;
}

void Progress::draw(const std::string& what, double share) {
  const auto now = Clock::now();
  if (!on_ || now - last_ < kBetween) return;
  last_ = now;
  drawn_ = true;
  const double elapsed = std::chrono::duration<double>(now - begun_).count();
  std::string rest;
  if (share >= kShareForEstimate) rest = fmt::format(", {} left", io::human_seconds(elapsed * (1 - share) / share));
  fmt::print(stderr, "\r\x1b[K{}, {}{}", what, io::human_seconds(elapsed), rest);
  std::fflush(stderr);
}

}  // namespace midflight::cli
