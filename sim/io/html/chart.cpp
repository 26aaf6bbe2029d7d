#include "sim/io/html/chart.h"

#include <fmt/core.h>

#include <algorithm>

#include "sim/io/html/page.h"
#include "sim/io/html/queue.h"
#include "sim/io/text_number.h"
#include "sim/io/text_table.h"
#include "sim/io/timeline.h"

namespace midflight::io {

namespace {

using Kind = TimelineLane::Kind;

constexpr int kLeft = 170, kColumns = 780, kLane = 24, kBar = 16, kTall = 44;

/// Left edges that the script and the drawing agree on, finer than a column.
double position(const TimelineAxis& axis, Instant at) {
  for (const TimelineAxis::Stretch& s : axis.stretches()) {
    if (at >= s.until) continue;
    if (at <= s.from) return s.left;
    return s.left + (at - s.from).seconds() / (s.until - s.from).seconds() * (s.right - s.left);
  }
  return axis.columns();
}

/// One bar: `height` of `room` units, standing on the lane's floor.
struct Bar {
  Instant at, until;
  double height;
  std::string look, hint;
};

class Chart {
 public:
  explicit Chart(const StrategyResult& s) : s_(s), axis_(s.timeline, kColumns) {}

  std::string html() {
    bars_of_lanes();
    if (!s_.queue.empty()) queues();
    failures();
    const int bottom = top_;
    std::string head = fmt::format("<svg class=\"chart\" viewBox=\"0 0 960 {}\" role=\"img\" aria-label=\"timeline of {}\" data-left=\"{}\" "
                                   "data-columns=\"{}\" data-stretches=\"{}\">\n",
                                   bottom + 26, html_escape(s_.name), kLeft, kColumns, stretches());
    return head + gaps(bottom) + out_ + ticks(bottom) +
           fmt::format("<line class=\"cursor\" x1=\"{0}\" x2=\"{0}\" y1=\"0\" y2=\"{1}\" data-a=\"0\" hidden=\"\"/>\n</svg>\n", kLeft, bottom);
  }

 private:
  void lane(const std::string& label, const std::string& attributes, int room, const std::vector<Bar>& bars) {
    if (bars.empty()) return;
    const std::string shown = display_width(label) > 24 ? label.substr(0, 22) + ".." : label;
    out_ += fmt::format("<g class=\"lane\"{}><text x=\"0\" y=\"{}\">{}<title>{}</title></text>\n", attributes, top_ + room - 3,
                        html_escape(shown), html_escape(label));
    out_ += fmt::format("<line class=\"floor\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>\n", kLeft, kLeft + kColumns, top_ + room, top_ + room);
    for (const Bar& b : bars) out_ += bar(b, room);
    out_ += "</g>\n";
    top_ += room + kLane - kBar;
  }
  std::string bar(const Bar& b, int room) const {
    const double a = position(axis_, b.at), z = std::max(position(axis_, b.until), a);
    return fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" data-a=\"{:.3f}\" data-b=\"{:.3f}\">"
                       "<title>{}</title></rect>\n",
                       b.look, kLeft + a, top_ + room - b.height, std::max(z - a, 1.5), b.height, a, z, html_escape(b.hint));
  }

  static const char* look_of(const TimelineLane& lane, const TimelineEntry& e) {
    switch (lane.kind) {
      case Kind::Version: return "version";
      case Kind::Step: return "step";
      case Kind::Lock: return told_waiting(e.what) ? "waits" : "holds";
      case Kind::Background: return "job";
      case Kind::Errors: case Kind::Other: break;
    }
    return e.what == "down" ? "down" : "other";
  }
  void bars_of_lanes() {
    for (const TimelineLane& l : timeline_lanes(s_.timeline)) {
      if (l.kind == Kind::Errors && !s_.failures.empty()) continue;
      std::vector<Bar> bars;
      for (const TimelineEntry& e : l.entries) {
        const bool nothing = l.kind == Kind::Version && e.until <= e.at;  // one of several changes at once
        if (nothing) continue;
        const double height = l.kind == Kind::Version ? kBar * told_share(e.what) : kBar;
        bars.push_back({e.at, e.until, height, l.kind == Kind::Errors ? "failed" : look_of(l, e), hint(l.label, e.at, e.until, e.what)});
      }
      lane(l.label, filter_of(l), kBar, bars);
    }
  }
  static std::string filter_of(const TimelineLane& l) {
    if (l.kind == Kind::Version) return html_attribute("data-version", l.label.substr(8));
    if (l.kind == Kind::Step) return html_attribute("data-step", l.label.substr(5));
    return "";
  }
  static std::string hint(const std::string& label, Instant at, Instant until, const std::string& what) {
    return fmt::format("{}, {} to {}: {}", label, human_moment(at.seconds(), true), human_moment(until.seconds(), true), what);
  }

  /// How many wait for each lock, as steps of a staircase.
  void queues() {
    std::vector<std::string> locks;
    double most = 1;
    for (const QueueMoment& m : s_.queue) {
      most = std::max(most, static_cast<double>(waiting(m)));
      if (waiting(m) > 0 && std::find(locks.begin(), locks.end(), m.lock) == locks.end()) locks.push_back(m.lock);
    }
    for (const std::string& lock : locks) lane(fmt::format("queue for {}", lock), "", kTall, staircase(lock, most));
    lane("waits for a connection", "", kTall, pool_waits());
  }
  std::vector<Bar> staircase(const std::string& lock, double most) const {
    std::vector<Bar> bars;
    const QueueMoment* last = nullptr;
    const auto close = [&](Instant until) {
      if (last == nullptr || waiting(*last) == 0) return;
      const auto n = static_cast<double>(waiting(*last));
      bars.push_back({last->at, until, std::max(2.0, kTall * n / most), "queue",
                      hint("queue for " + lock, last->at, until, human_count(n) + " wait")});
    };
    for (const QueueMoment& m : s_.queue) {
      if (m.lock != lock) continue;
      if (last == nullptr || m.at > last->at) close(m.at);
      last = &m;
    }
    close(last != nullptr ? last->at : Instant{});
    return bars;
  }

  /// Requests that have not even got a connection, while a queue stands.
  std::vector<Bar> pool_waits() const {
    std::int64_t most = 1;
    for (const QueueMoment& m : s_.queue) most = std::max(most, m.without_connection);
    std::vector<Bar> bars;
    for (std::size_t i = 0; i + 1 < s_.queue.size(); ++i) {
      const QueueMoment& m = s_.queue[i];
      const Instant until = s_.queue[i + 1].at;
      if (m.without_connection == 0 || until == m.at) continue;
      const auto n = static_cast<double>(m.without_connection);
      bars.push_back({m.at, until, std::max(2.0, kTall * n / static_cast<double>(most)), "pool",
                      hint("pool", m.at, until, counted(n, "request") + " without a connection")});
    }
    return bars;
  }

  /// Failed requests a second, version by version, where they arrived.
  void failures() {
    double most = 0;
    std::vector<std::string> versions;
    for (const FailedSpan& f : s_.failures) {
      most = std::max(most, rate(f));
      if (std::find(versions.begin(), versions.end(), f.version) == versions.end()) versions.push_back(f.version);
    }
    for (const std::string& version : versions) {
      std::vector<Bar> bars;
      for (const FailedSpan& f : s_.failures) {
        if (f.version != version) continue;
        const std::string what = fmt::format("{} failed", counted(static_cast<double>(f.count), "request"));
        bars.push_back({f.at, f.until, std::max(2.0, kTall * rate(f) / most), "failed", hint("failures", f.at, f.until, what)});
      }
      const std::string label = version.empty() ? "came and failed" : "came to " + version + " and failed";
      lane(label, version.empty() ? "" : html_attribute("data-version", version), kTall, bars);
    }
  }
  static double rate(const FailedSpan& f) { return static_cast<double>(f.count) / (f.until - f.at).seconds(); }

  std::string stretches() const {
    std::string out;
    for (const TimelineAxis::Stretch& s : axis_.stretches()) {
      out += fmt::format("{}{} {} {} {} {}", out.empty() ? "" : ";", s.from.seconds(), s.until.seconds(), s.left, s.right, s.compressed ? 1 : 0);
    }
    return out;
  }
  std::string gaps(int bottom) const {
    std::string out;
    for (const TimelineAxis::Stretch& s : axis_.stretches()) {
      if (!s.compressed) continue;
      out += fmt::format("<rect class=\"gap\" x=\"{}\" y=\"0\" width=\"{}\" height=\"{}\" data-a=\"{}\" data-b=\"{}\"><title>{} drawn narrower than it is"
                         "</title></rect>\n",
                         kLeft + s.left, s.right - s.left, bottom, s.left, s.right, human_seconds((s.until - s.from).seconds()));
    }
    return out;
  }
  std::string ticks(int bottom) const {
    std::string out = "<g class=\"ticks\">\n";
    int free_from = 0;
    for (const TimelineAxis::Stretch& s : axis_.stretches()) {
      const std::string text = human_seconds(s.from.seconds());
      if (s.left < free_from || s.left + 8 * static_cast<int>(text.size()) > kColumns) continue;
      out += fmt::format("<text x=\"{}\" y=\"{}\">{}</text>\n", kLeft + s.left, bottom + 16, text);
      free_from = s.left + 14 + 8 * static_cast<int>(text.size());
    }
    const std::string end = human_seconds(axis_.stretches().back().until.seconds());
    if (free_from + 8 * static_cast<int>(end.size()) < kColumns) {
      out += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n", kLeft + kColumns, bottom + 16, end);
    }
    return out + "</g>\n";
  }

  const StrategyResult& s_;
  TimelineAxis axis_;
  std::string out_;
  int top_ = 4;
};

constexpr const char* kLegend =
    "<p class=\"legend\">"
    "<span><i class=\"version\"></i>serving instances</span> "
    "<span><i class=\"step\"></i>step</span> "
    "<span><i class=\"waits\"></i>waits for a lock</span> "
    "<span><i class=\"holds\"></i>holds it</span> "
    "<span><i class=\"queue\"></i>requests in its queue</span> "
    "<span><i class=\"pool\"></i>requests without a connection</span> "
    "<span><i class=\"failed\"></i>failed requests</span> "
    "<span><i class=\"down\"></i>down</span> "
    "<span><i class=\"gap\"></i>time drawn narrower</span> "
    "</p>\n";

}  // namespace

std::string chart_html(const StrategyResult& strategy) {
  if (strategy.timeline.empty()) return "";
  return fmt::format("<figure class=\"timeline\">\n<div class=\"zoom\" hidden><button type=\"button\" data-zoom=\"in\">zoom in</button>"
                     "<button type=\"button\" data-zoom=\"out\">zoom out</button><button type=\"button\" data-zoom=\"all\">whole plan</button>"
                     "<span>or drag over the drawing; arrow keys move</span></div>\n{}{}</figure>\n",
                     Chart(strategy).html(), kLegend);
}

}  // namespace midflight::io
