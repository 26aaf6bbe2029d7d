#include <fmt/core.h>

#include <algorithm>

#include "sim/io/text_number.h"
#include "sim/io/text_table.h"
#include "sim/io/timeline.h"

namespace midflight::io {

namespace {

using Kind = TimelineLane::Kind;

constexpr int kLeft = 180, kColumns = 770, kLane = 26, kBar = 18;

const char* colour_of(const TimelineLane& lane, const TimelineEntry& e) {
  switch (lane.kind) {
    case Kind::Version: return "#4f8fc0";
    case Kind::Step: return "#5aa57a";
    case Kind::Lock: return told_waiting(e.what) ? "#e3b35c" : "#b0642f";
    case Kind::Errors: return "#c8443c";
    case Kind::Background: case Kind::Other: break;
  }
  return "#98a4af";
}

double most_failed(const TimelineLane& lane) {
  double most = 1;
  for (const TimelineEntry& e : lane.entries) most = std::max(most, told_count(e.what));
  return most;
}

double height_of(const TimelineLane& lane, const TimelineEntry& e, double most) {
  if (lane.kind == Kind::Version) return kBar * told_share(e.what);
  if (lane.kind == Kind::Errors) return std::max(2.0, kBar * told_count(e.what) / most);
  return kBar;
}

std::string hint(const TimelineLane& lane, const TimelineEntry& e) {
  return html_escape(fmt::format("{}, {} to {}: {}", lane.label, human_seconds(e.at.seconds()),
                                 human_seconds(e.until.seconds()), e.what));
}

std::string bar(const TimelineAxis& axis, const TimelineLane& lane, const TimelineEntry& e, int top, double most) {
  const int left = axis.column(e.at);
  const int width = std::max(axis.column(e.until) - left, 2);
  const double height = height_of(lane, e, most);
  return fmt::format("<rect x=\"{}\" y=\"{:.1f}\" width=\"{}\" height=\"{:.1f}\" fill=\"{}\"><title>{}</title></rect>\n",
                     kLeft + left, top + kBar - height, width, height, colour_of(lane, e), hint(lane, e));
}

std::string lane_svg(const TimelineAxis& axis, const TimelineLane& lane, int top) {
  std::string out = fmt::format("<text x=\"0\" y=\"{}\">{}</text>\n", top + kBar - 4, html_escape(lane.label));
  const double most = most_failed(lane);
  for (const TimelineEntry& e : lane.entries) {
    if (lane.kind == Kind::Version && e.until <= e.at) continue;  // one of several changes at once
    out += bar(axis, lane, e, top, most);
  }
  return out;
}

/// Times where they fit, and a grey band over each compressed stretch.
std::string axis_svg(const TimelineAxis& axis, int bottom) {
  std::string out;
  int free_from = 0;
  for (const TimelineAxis::Stretch& s : axis.stretches()) {
    if (s.compressed) {
      out += fmt::format("<rect x=\"{}\" y=\"0\" width=\"{}\" height=\"{}\" fill=\"#98a4af\" fill-opacity=\"0.25\">"
                         "<title>{} without events, compressed</title></rect>\n",
                         kLeft + s.left, s.right - s.left, bottom, human_seconds((s.until - s.from).seconds()));
    }
    if (s.left < free_from) continue;
    const std::string text = human_seconds(s.from.seconds());
    out += fmt::format("<text x=\"{}\" y=\"{}\">{}</text>\n", kLeft + s.left, bottom + 16, text);
    free_from = s.left + 12 + 8 * static_cast<int>(text.size());
  }
  return out;
}

}  // namespace

std::string timeline_svg(const std::vector<TimelineEntry>& timeline) {
  const TimelineAxis axis(timeline, kColumns);
  const std::vector<TimelineLane> lanes = timeline_lanes(timeline);
  const int bottom = kLane * static_cast<int>(lanes.size());
  std::string out = fmt::format("<svg viewBox=\"0 0 960 {}\" font-size=\"12\" role=\"img\" aria-label=\"timeline\">\n",
                                bottom + 24);
  out += axis_svg(axis, bottom);
  for (std::size_t i = 0; i < lanes.size(); ++i) out += lane_svg(axis, lanes[i], kLane * static_cast<int>(i));
  return out + "</svg>\n";
}

}  // namespace midflight::io
