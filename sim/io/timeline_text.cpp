#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "sim/io/text_number.h"
#include "sim/io/timeline.h"

namespace midflight::io {

namespace {

using Kind = TimelineLane::Kind;
using Cells = std::vector<double>;

constexpr std::size_t kLabelWidth = 22;
constexpr std::array<const char*, 9> kHeights = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

const char* height(double share) {
  if (share <= 0) return kHeights[0];
  return kHeights[static_cast<std::size_t>(std::clamp(share * 8 + 0.5, 1.0, 8.0))];
}

/// The columns an entry touches, at least one.
std::pair<std::size_t, std::size_t> span(const TimelineAxis& axis, const TimelineEntry& e) {
  const int last = axis.columns() - 1;
  const int left = std::clamp(axis.column(e.at), 0, last);
  const int right = std::clamp(axis.column(e.until), left + 1, last + 1);
  return {static_cast<std::size_t>(left), static_cast<std::size_t>(right)};
}

/// The share a version serves per column; a later entry replaces an earlier one.
std::string version_row(const TimelineAxis& axis, const TimelineLane& lane) {
  Cells cells(static_cast<std::size_t>(axis.columns()), 0);
  for (const TimelineEntry& e : lane.entries) {
    if (e.until <= e.at) continue;  // one of several changes at once
    const auto [left, right] = span(axis, e);
    std::fill(cells.begin() + static_cast<std::ptrdiff_t>(left), cells.begin() + static_cast<std::ptrdiff_t>(right),
              told_share(e.what));
  }
  std::string row;
  for (const double share : cells) row += height(share);
  return row;
}

/// Failed requests per column, against the fullest one.
std::string error_row(const TimelineAxis& axis, const TimelineLane& lane) {
  Cells cells(static_cast<std::size_t>(axis.columns()), 0);
  for (const TimelineEntry& e : lane.entries) {
    const auto [left, right] = span(axis, e);
    for (std::size_t c = left; c < right; ++c) cells[c] += told_count(e.what) / static_cast<double>(right - left);
  }
  const double most = *std::max_element(cells.begin(), cells.end());
  std::string row;
  for (const double count : cells) row += height(most > 0 ? count / most : 0);
  return row;
}

const char* mark_of(const TimelineLane& lane, const TimelineEntry& e) {
  if (lane.kind == Kind::Lock || lane.kind == Kind::Step) return told_waiting(e.what) ? "░" : "█";
  return e.what == "down" ? "█" : "─";
}

std::string bar_row(const TimelineAxis& axis, const TimelineLane& lane) {
  std::vector<const char*> cells(static_cast<std::size_t>(axis.columns()), " ");
  for (const TimelineEntry& e : lane.entries) {
    const auto [left, right] = span(axis, e);
    const char* mark = mark_of(lane, e);
    for (std::size_t c = left; c < right; ++c) {
      if (std::string_view(cells[c]) != "█") cells[c] = mark;
    }
  }
  std::string row;
  for (const char* cell : cells) row += cell;
  return row;
}

std::string lane_row(const TimelineAxis& axis, const TimelineLane& lane) {
  if (lane.kind == Kind::Version) return version_row(axis, lane);
  if (lane.kind == Kind::Errors) return error_row(axis, lane);
  return bar_row(axis, lane);
}

std::string rule(const TimelineAxis& axis) {
  std::string out;
  for (const TimelineAxis::Stretch& s : axis.stretches()) {
    for (int c = s.left; c < s.right; ++c) {
      const bool gap = s.compressed && (c == s.left + 2 || c == s.left + 3);
      out += c == s.left ? "┬" : gap ? "╱" : "─";
    }
  }
  return out;
}

/// Times under the rule where they fit; those beside a break come first.
std::string tick_labels(const TimelineAxis& axis) {
  std::string out;
  for (const TimelineAxis::Stretch& s : axis.stretches()) {
    const auto left = static_cast<std::size_t>(s.left);
    const std::string text = human_seconds(s.from.seconds());
    if (!out.empty() && out.size() + 2 > left) continue;
    if (left + text.size() <= static_cast<std::size_t>(axis.columns())) out = padded(out, left) + text;
  }
  const std::string end = human_seconds(axis.stretches().back().until.seconds());
  const std::size_t at = static_cast<std::size_t>(axis.columns()) - std::min(end.size(), static_cast<std::size_t>(axis.columns()));
  return out.size() + 2 <= at ? padded(out, at) + end : out;
}

std::string label_of(const std::string& label) {
  if (label.size() <= kLabelWidth - 1) return label;
  return label.substr(0, kLabelWidth - 3) + "..";
}

void end_line(std::string& out) {
  while (!out.empty() && out.back() == ' ') out.pop_back();
  out += '\n';
}

std::string lanes_text(const TimelineAxis& axis, const std::vector<TimelineEntry>& timeline) {
  std::string out;
  for (const TimelineLane& lane : timeline_lanes(timeline)) {
    out += padded(label_of(lane.label), kLabelWidth) + lane_row(axis, lane);
    end_line(out);
  }
  return out;
}

std::string axis_text(const TimelineAxis& axis) {
  std::string out = std::string(kLabelWidth, ' ') + rule(axis) + "\n" + std::string(kLabelWidth, ' ') + tick_labels(axis);
  end_line(out);
  return out + "█ serving, working, held, down   ░ waiting   ▁▄█ failures   ╱╱ time compressed\n";
}

std::vector<TimelineEntry> since(Instant begin, std::vector<TimelineEntry> timeline) {
  std::erase_if(timeline, [&](const TimelineEntry& e) { return e.until < begin; });
  for (TimelineEntry& entry : timeline) entry.at = std::max(entry.at, begin);
  return timeline;
}

}  // namespace

std::string timeline_text(const std::vector<TimelineEntry>& timeline, std::size_t width) {
  const TimelineAxis axis(timeline, static_cast<int>(width - kLabelWidth));
  return lanes_text(axis, timeline) + axis_text(axis);
}

std::string timelines_text(const std::vector<TimelineEntry>& predicted, const std::vector<TimelineEntry>& measured,
                           std::size_t width) {
  if (measured.empty()) return {};
  const auto first = std::min_element(measured.begin(), measured.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  const std::vector<TimelineEntry> shown = since(first->at, predicted);
  std::vector<TimelineEntry> both = shown;
  both.insert(both.end(), measured.begin(), measured.end());
  const TimelineAxis axis(both, static_cast<int>(width - kLabelWidth));
  return "predicted\n" + lanes_text(axis, shown) + "measured\n" + lanes_text(axis, measured) + axis_text(axis);
}

}  // namespace midflight::io
