#include "tests/live/pending.h"

#include <algorithm>
#include <regex>
#include <sstream>

#include "sim/kernel/error.h"
#include "tests/live/corpus.h"

namespace midflight::live {
namespace {

Pending read_line(const std::string& line, int number) {
  static const std::regex form(R"(([a-z0-9_]+/[A-Za-z0-9]+)(?: (\d+)(?:-(\d+))?)?: (.+))");
  std::smatch part;
  if (!std::regex_match(line, part, form)) {
    throw Error(ErrorCode::BadInput, "write `family/Case: reason` or `family/Case 12-14: reason`", {"pending.txt", number, 0});
  }
  Pending read{part[1], kFirstMajor, kLastMajor, part[4], line};
  if (part[2].matched) read.since = read.until = std::stoi(part[2]);
  if (part[3].matched) read.until = std::stoi(part[3]);
  return read;
}

}  // namespace

std::vector<Pending> read_pending(const std::string& text) {
  std::vector<Pending> all;
  std::istringstream lines(text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (!line.empty() && line.front() != '#') all.push_back(read_line(line, number));
  }
  return all;
}

const Pending* find_pending(const std::vector<Pending>& all, const std::string& title, int major) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Pending& p) {
    return p.title == title && p.since <= major && major <= p.until;
  });
  return found == all.end() ? nullptr : &*found;
}

std::string without_lines(const std::string& text, const std::vector<std::string>& lines) {
  std::string kept;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (std::find(lines.begin(), lines.end(), line) == lines.end()) kept += line + "\n";
  }
  return kept;
}

}  // namespace midflight::live
