#include "cli/complaints.h"

#include <fmt/core.h>

#include <cstdio>

#include "cli/stop.h"
#include "sim/kernel/error.h"

namespace midflight::cli {

namespace {

constexpr std::size_t kProblemsMax = 20;

std::string located(const Problem& problem) {
  const std::string place = problem.where.text();
  return place.empty() ? problem.message : fmt::format("{}: {}", place, problem.message);
}

}  // namespace

void complain(const std::string& message) {
  fmt::print(stderr, "midflight: {}\n", message.empty() ? "unknown error" : message);
}

void complain_hint(const std::string& message) { fmt::print(stderr, "  {}\n", message); }

void complain(const Error& error) {
  if (error.code() == ErrorCode::Interrupted) return complain("interrupted");
  const auto& problems = error.problems();
  for (std::size_t i = 0; i < problems.size() && i < kProblemsMax; ++i) complain(located(problems[i]));
  if (problems.size() > kProblemsMax) complain(fmt::format("and {} more", problems.size() - kProblemsMax));
  if (problems.empty()) complain(error.what());
}

}  // namespace midflight::cli
