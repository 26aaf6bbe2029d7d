#include "sim/io/html/events.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/io/html/queue.h"
#include "sim/io/text_number.h"

namespace midflight::io {

namespace {

constexpr std::size_t kEventsMax = 400;
constexpr int kQuietJobsMax = 5;

bool told_of(const std::string& lane, const char* kind) { return lane.rfind(kind, 0) == 0; }
std::string after(const std::string& lane, const char* kind) { return lane.substr(std::string_view(kind).size()); }

bool anybody_waits(const StrategyResult& s, Instant from, Instant until) {
  return std::any_of(s.queue.begin(), s.queue.end(), [&](const QueueMoment& m) {
    return m.at >= from && m.at <= until && waiting(m) > 0;
  });
}

/// Turns the told lines into events; the queues bring their own.
class Collector {
 public:
  explicit Collector(const StrategyResult& s) : s_(s) {
    for (const TimelineEntry& e : s.timeline) add(e);
    for (const QueueMoment& m : s.queue) add(m);
  }

  std::vector<ReportEvent> in_order() {
    std::stable_sort(events_.begin(), events_.end(), [](const auto& a, const auto& b) {
      return a.event.at != b.event.at ? a.event.at < b.event.at : a.rank < b.rank;
    });
    std::vector<ReportEvent> all;
    for (Ranked& r : events_) all.push_back(std::move(r.event));
    return all;
  }

 private:
  struct Ranked { int rank; ReportEvent event; };  ///< of the same moment the lower rank comes first
  void put(int rank, Instant at, const char* kind, std::string what, std::vector<std::string> versions = {},
           std::vector<std::string> steps = {}) {
    events_.push_back({rank, {at, kind, std::move(what), std::move(versions), std::move(steps), nullptr, {}, 0}});
  }
  void add(const TimelineEntry& e) {
    if (told_of(e.lane, "version ")) return add_version(e, after(e.lane, "version "));
    if (told_of(e.lane, "step ")) return add_step(e, after(e.lane, "step "));
    if (told_of(e.lane, "background ")) return add_job(e, after(e.lane, "background "));
    if (e.lane == "errors") return put(3, e.at, "errors", fmt::format("begins to fail (in all {})", e.what), versions_in(e.what));
    if (e.lane == "data") return put(3, e.at, "data", e.what);
    if (e.lane != "traffic") return;
    put(4, e.at, "traffic", fmt::format("the application is {} from here, for {}", e.what, human_seconds((e.until - e.at).seconds())));
    put(4, e.until, "traffic", "the application works again");
  }
  void add_version(const TimelineEntry& e, const std::string& version) {
    // Who serves from the warm-up on is told where the plan begins.
    if (e.until > e.at) put(e.at < Instant{} ? -1 : 2, std::max(e.at, Instant{}), "version", fmt::format("{} serving instances run {}", e.what, version), {version});
  }
  void add_step(const TimelineEntry& e, const std::string& id) {
    const auto step = std::find_if(s_.steps.begin(), s_.steps.end(), [&](const StepResult& r) { return r.id == id; });
    if (step == s_.steps.end() || e.what == step->sql) {
      put(0, e.at, "step", fmt::format("{} begins: {}", id, e.what), {}, {id});
      put(5, e.until, "step", fmt::format("{} is done, after {}", id, human_seconds((e.until - e.at).seconds())), {}, {id});
    } else if (!told_of(e.what, "asks for") && !told_of(e.what, "waits for")) {
      put(1, e.at, "step", fmt::format("{}: {}", id, e.what), {}, {id});
    }
  }
  void add_job(const TimelineEntry& e, const std::string& name) {
    if (!anybody_waits(s_, e.at, e.until) && ++quiet_jobs_ > kQuietJobsMax) return;
    put(0, e.at, "background", fmt::format("{} begins: {}", name, e.what));
    if (e.until > e.at) put(5, e.until, "background", fmt::format("{} ends, after {}", name, human_seconds((e.until - e.at).seconds())));
  }
  void add(const QueueMoment& m) {
    put(1, m.at, "lock", m.what);
    ReportEvent& event = events_.back().event;
    event.queue = &m;
    for (const QueueGroup& group : m.holders) concerns(event, group);
    for (const QueueGroup& group : m.waiters) concerns(event, group);
    for (const StepResult& step : s_.steps) {
      if (m.what.find("step " + step.id + " ") != std::string::npos) note(event.steps, step.id);
    }
  }
  void concerns(ReportEvent& event, const QueueGroup& group) const {
    if (told_of(group.who, "step ")) return note(event.steps, after(group.who, "step "));
    for (const std::string& v : versions_in(group.who)) note(event.versions, v);
  }
  /// The versions a text names as "v1 ".
  std::vector<std::string> versions_in(const std::string& text) const {
    std::vector<std::string> all;
    for (const TimelineEntry& e : s_.timeline) {
      if (!told_of(e.lane, "version ")) continue;
      const std::string version = after(e.lane, "version ");
      if (text.rfind(version + " ", 0) == 0 || text.find(" " + version + " ") != std::string::npos) note(all, version);
    }
    return all;
  }
  static void note(std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }

  const StrategyResult& s_;
  std::vector<Ranked> events_;
  int quiet_jobs_ = 0;
};

/// Where there are too many, requests that merely join or leave a queue go first.
void thin(std::vector<ReportEvent>& events) {
  const auto minor = [](const ReportEvent& e) { return e.queue != nullptr && e.steps.empty() && e.queue->failed == 0; };
  for (std::size_t every = 2; events.size() > kEventsMax && every <= 64; every *= 2) {
    std::size_t n = 0;
    std::erase_if(events, [&](const ReportEvent& e) { return minor(e) && ++n % 2 == 0; });
  }
  for (int pass = 0; events.size() > kEventsMax && pass < 10; ++pass) {
    std::size_t n = 0;
    std::erase_if(events, [&](const ReportEvent& e) { return e.kind != "step" && ++n % 2 == 0; });
  }
  if (events.size() > 2 * kEventsMax) events.resize(2 * kEventsMax);
}

std::string serving_at(const StrategyResult& s, Instant at) {
  std::vector<std::string> all;
  for (const TimelineEntry& e : s.timeline) {
    if (told_of(e.lane, "version ") && e.at <= at && at < e.until) all.push_back(fmt::format("{} {}", after(e.lane, "version "), e.what));
  }
  return fmt::format("{}", fmt::join(all, ", "));
}

std::int64_t failed_before(const StrategyResult& s, Instant at) {
  std::int64_t failed = 0;
  for (const FailedSpan& f : s.failures) {
    if (f.until <= at) failed += f.count;
    else if (f.at < at) failed += static_cast<std::int64_t>(static_cast<double>(f.count) * (at - f.at).seconds() / (f.until - f.at).seconds());
  }
  return failed;
}

}  // namespace

std::vector<ReportEvent> report_events(const StrategyResult& strategy) {
  std::vector<ReportEvent> events = Collector(strategy).in_order();
  thin(events);
  for (ReportEvent& e : events) {
    e.serving = serving_at(strategy, e.at);
    e.failed = failed_before(strategy, e.at);
  }
  return events;
}

}  // namespace midflight::io
