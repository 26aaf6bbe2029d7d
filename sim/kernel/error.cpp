#include "sim/kernel/error.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace midflight {

std::string Position::text() const {
  std::string text = file;
  for (const int number : {line, column}) {
    if (number == 0) break;
    if (!text.empty()) text += ':';
    text += std::to_string(number);
  }
  return text;
}

namespace {

std::string joined(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) text += '\n';
    const std::string where = problem.where.text();
    text += where.empty() ? problem.message : where + ": " + problem.message;
  }
  return text;
}

}  // namespace

Error::Error(ErrorCode code, std::vector<Problem> problems)
    : std::runtime_error(joined(problems)), code_(code), problems_(std::move(problems)) {}

Error::Error(ErrorCode code, std::string message, Position where)
    : Error(code, std::vector<Problem>{{std::move(where), std::move(message)}}) {}

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "midflight: a promise of its own was broken: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace midflight
