#include "sim/io/story.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "sim/io/text_number.h"
#include "sim/io/text_table.h"
#include "sim/io/text_words.h"
#include "sim/io/timeline.h"

namespace midflight::io {

namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kTimeWidth = 16;

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
    return fmt::format("{} serving instances run {}{}", e.what, e.lane.substr(8), lasting(e));
  }
  if (e.lane == "traffic") return fmt::format("the application is {}{}", e.what, lasting(e));
  if (e.lane == "errors" || e.lane == "data") return fmt::format("{}{}", e.what, lasting(e));
  return fmt::format("{}: {}{}", e.lane, e.what, lasting(e));
}

/// In order of time, without the shares that were replaced in the same moment.
std::vector<TimelineEntry> in_order(std::vector<TimelineEntry> timeline) {
  std::erase_if(timeline, [](const auto& e) { return e.lane.rfind("version ", 0) == 0 && e.until <= e.at; });
  std::stable_sort(timeline.begin(), timeline.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return timeline;
}

bool is_background(const TimelineEntry& e) { return e.lane.rfind("background ", 0) == 0; }

/// Somebody waits for a lock meanwhile, so this very one may be why.
bool stands_in_the_way(const TimelineEntry& job, const std::vector<TimelineEntry>& all) {
  return std::any_of(all.begin(), all.end(), [&](const TimelineEntry& e) {
    return e.lane.rfind("lock ", 0) == 0 && told_waiting(e.what) && e.at < job.until && e.until > job.at;
  });
}

/// Tells of the runs of a background job the first, saying how many are like it.
std::vector<TimelineEntry> folded(const std::vector<TimelineEntry>& all) {
  struct Alike { std::size_t first; int more; Duration longest; };
  std::map<std::pair<std::string, std::string>, Alike> alike;
  std::vector<TimelineEntry> out;
  for (const TimelineEntry& e : all) {
    const auto known = alike.find({e.lane, e.what});
    if (is_background(e) && known != alike.end() && !stands_in_the_way(e, all)) {
      ++known->second.more;
      known->second.longest = std::max(known->second.longest, e.until - e.at);
      continue;
    }
    if (is_background(e)) alike.try_emplace({e.lane, e.what}, Alike{out.size(), 0, {}});
    out.push_back(e);
  }
  for (const auto& [key, a] : alike) {
    if (a.more == 0) continue;
    out[a.first].what += fmt::format(" (and {} more like it, the longest {})", human_count(a.more), human_seconds(a.longest.seconds()));
  }
  return out;
}

/// One label for each entry: in whole seconds, with a decimal where different
/// moments would look the same.
std::vector<std::string> labels(const std::vector<TimelineEntry>& entries) {
  std::vector<std::string> out;
  for (const TimelineEntry& e : entries) out.push_back(human_moment(e.at.seconds(), false));
  for (std::size_t from = 0, until = 0; from < entries.size(); from = until) {
    while (until < entries.size() && out[until] == out[from]) ++until;
    if (entries[until - 1].at - entries[from].at < Duration::milliseconds(50)) continue;
    for (std::size_t i = from; i < until; ++i) out[i] = human_moment(entries[i].at.seconds(), true);
  }
  return out;
}

std::string headline(const Result& result, const StrategyResult& s) {
  const auto paragraph = [](const std::string& text) { return wrapped(text, kWidth, "") + "\n"; };
  std::string out = paragraph(title(result)) + paragraph(fmt::format("{} is {}:", s.name, verdict_name(s.verdict)));
  for (const std::string& reason : reasons(s)) out += paragraph(reason);
  const auto downtime = s.lasting("downtime_s");
  if (downtime && downtime->p95 > 0) out += "\n" + paragraph(std::string(kDowntimeCounts));
  return out + "\n" + paragraph(told_run(result, s));
}

}  // namespace

std::string story_text(const Result& result) {
  const StrategyResult& strategy = result.strategies.front();
  std::string out = headline(result, strategy), last_when;
  std::vector<const StepResult*> explained;
  const std::vector<TimelineEntry> entries = folded(in_order(strategy.timeline));
  const std::vector<std::string> when = labels(entries);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    out += line(when[i] == last_when ? "" : when[i], sentence(strategy, entries[i]));
    last_when = when[i];
    const StepResult* step = step_of(strategy, entries[i]);
    if (step == nullptr || step->why.empty()) continue;
    if (std::find(explained.begin(), explained.end(), step) != explained.end()) continue;
    out += line("", fmt::format("  ({})", step->why));
    explained.push_back(step);
  }
  return out;
}

}  // namespace midflight::io
