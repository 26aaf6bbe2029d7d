#include <algorithm>
#include <cctype>

#include "sim/io/timeline.h"

namespace midflight::io {

namespace {

using Kind = TimelineLane::Kind;

Kind kind_of(const std::string& lane) {
  if (lane.rfind("version ", 0) == 0) return Kind::Version;
  if (lane.rfind("step ", 0) == 0) return Kind::Step;
  if (lane.rfind("lock ", 0) == 0) return Kind::Lock;
  if (lane.rfind("background ", 0) == 0) return Kind::Background;
  if (lane == "errors") return Kind::Errors;
  return Kind::Other;
}

bool digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// Reads the number at `at` ("9,300", "0.5") and moves past it.
double number_at(const std::string& text, std::size_t& at) {
  std::string plain;
  for (; at < text.size(); ++at) {
    if (digit(text[at]) || text[at] == '.') plain += text[at];
    else if (text[at] != ',' || at + 1 >= text.size() || !digit(text[at + 1])) break;
  }
  return std::strtod(plain.c_str(), nullptr);
}

std::size_t first_digit(const std::string& text, std::size_t from = 0) {
  while (from < text.size() && !digit(text[from])) ++from;
  return from;
}

}  // namespace

std::vector<TimelineLane> timeline_lanes(const std::vector<TimelineEntry>& timeline) {
  std::vector<TimelineLane> lanes;
  for (const TimelineEntry& e : timeline) {
    auto lane = std::find_if(lanes.begin(), lanes.end(), [&](const TimelineLane& l) { return l.label == e.lane; });
    if (lane == lanes.end()) lane = lanes.insert(lanes.end(), {kind_of(e.lane), e.lane, {}});
    lane->entries.push_back(e);
  }
  std::stable_sort(lanes.begin(), lanes.end(), [](const auto& a, const auto& b) { return a.kind < b.kind; });
  return lanes;
}

double told_share(const std::string& what) {
  std::size_t at = first_digit(what);
  if (at == what.size()) return 1;
  const double some = number_at(what, at);
  if (at < what.size() && what[at] == '%') return some / 100;
  const bool of = what.compare(at, 4, " of ") == 0 || what.compare(at, 1, "/") == 0;
  if (!of) return 1;
  at = first_digit(what, at);
  const double all = at < what.size() ? number_at(what, at) : 0;
  return all > 0 ? std::clamp(some / all, 0.0, 1.0) : 1;
}

double told_count(const std::string& what) {
  std::size_t at = first_digit(what);
  return at == what.size() ? 1 : number_at(what, at);
}

bool told_waiting(const std::string& what) {
  return what.find("wait") != std::string::npos || what.find("asks") != std::string::npos;
}

}  // namespace midflight::io
