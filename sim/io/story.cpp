#include "sim/io/story.h"

#include <fmt/core.h>

#include <algorithm>

#include "sim/io/text_number.h"
#include "sim/io/text_table.h"

namespace midflight::io {

namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kTimeWidth = 12;

std::string line(const std::string& when, const std::string& text) {
  const std::string indent(kTimeWidth, ' ');
  return fmt::format("{}{}\n", padded(when, kTimeWidth), wrapped(text, kWidth - kTimeWidth, indent));
}

const StepResult* step_of(const StrategyResult& s, const TimelineEntry& e) {
  for (const StepResult& step : s.steps) {
    if (e.lane == "step " + step.id) return &step;
  }
  return nullptr;
}

std::string lasting(const TimelineEntry& e) {
  const double seconds = (e.until - e.at).seconds();
  return seconds > 0 ? fmt::format(", for {}", human_seconds(seconds)) : "";
}

std::string sentence(const StrategyResult& s, const TimelineEntry& e) {
  if (const StepResult* step = step_of(s, e)) {
    const std::string what = e.what.empty() ? step->sql : e.what;
    return fmt::format("step {}: {}{}", step->id, what, lasting(e));
  }
  if (e.lane.rfind("version ", 0) == 0) {
    return fmt::format("{} instances serve {}{}", e.what, e.lane.substr(8), lasting(e));
  }
  if (e.lane == "traffic") return fmt::format("the application is {}{}", e.what, lasting(e));
  if (e.lane == "errors") return fmt::format("{}{}", e.what, lasting(e));
  return fmt::format("{}: {}{}", e.lane, e.what, lasting(e));
}

/// In order of time, without the shares that were replaced in the same moment.
std::vector<TimelineEntry> in_order(std::vector<TimelineEntry> timeline) {
  std::erase_if(timeline, [](const auto& e) { return e.lane.rfind("version ", 0) == 0 && e.until <= e.at; });
  std::stable_sort(timeline.begin(), timeline.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return timeline;
}

}  // namespace

std::string story_text(const StrategyResult& strategy) {
  std::string out, last_when;
  std::vector<const StepResult*> explained;
  for (const TimelineEntry& e : in_order(strategy.timeline)) {
    const std::string when = human_seconds(e.at.seconds());
    out += line(when == last_when ? "" : when, sentence(strategy, e));
    last_when = when;
    const StepResult* step = step_of(strategy, e);
    if (step == nullptr || step->why.empty()) continue;
    if (std::find(explained.begin(), explained.end(), step) != explained.end()) continue;
    out += line("", fmt::format("  ({})", step->why));
    explained.push_back(step);
  }
  return out;
}

}  // namespace midflight::io
