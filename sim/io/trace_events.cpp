#include "sim/io/trace_events.h"

#include <algorithm>

#include "sim/io/html/queue.h"
#include "sim/io/json_values.h"
#include "sim/io/timeline.h"

namespace midflight::io {

namespace {

/// The tracks of one process.
class Process {
 public:
  Process(Json& events, int number, const std::string& name) : events_(events), number_(number) { describe("process_name", 0, name); }

  void add(const std::vector<TimelineEntry>& timeline) {
    Instant first{};
    for (const TimelineEntry& e : timeline) first = std::min(first, e.at);
    origin_ = first;
    int track = 0;
    for (const TimelineLane& lane : timeline_lanes(timeline)) {
      describe("thread_name", ++track, lane.label);
      for (const TimelineEntry& e : lane.entries) add(lane, e, track);
    }
    mark("the plan begins");
  }
  void add(const std::vector<QueueMoment>& queue) {
    for (const QueueMoment& m : queue) {
      counter("queue for " + m.lock, m.at, waiting(m));
      Json args;
      args["happens"] = m.what;
      args["holds"] = groups_json(m.holders);
      args["waits"] = groups_json(m.waiters);
      instant("lock " + m.lock, m.at, std::move(args));
    }
  }
  void add(const std::vector<FailedSpan>& failures) {
    for (const FailedSpan& f : failures) {
      const std::string name = "failed requests" + (f.version.empty() ? "" : " of " + f.version);
      counter(name, f.at, f.count);
      counter(name, f.until, 0);
    }
  }

 private:
  Json event(const char* phase, const std::string& name, Instant at) const {
    Json json;
    json["ph"] = phase;
    json["name"] = name;
    json["pid"] = number_;
    json["ts"] = static_cast<double>((at - origin_).ns) / 1000;
    return json;
  }
  void describe(const char* what, int track, const std::string& name) {
    Json json;
    json["ph"] = "M";
    json["name"] = what;
    json["pid"] = number_;
    json["tid"] = track;
    json["args"]["name"] = name;
    events_.push_back(std::move(json));
  }
  void add(const TimelineLane& lane, const TimelineEntry& e, int track) {
    const bool replaced = lane.kind == TimelineLane::Kind::Version && e.until <= e.at;
    if (replaced) return;
    Json json = event("X", e.what.empty() ? lane.label : e.what, e.at);
    json["tid"] = track;
    json["cat"] = lane.label.substr(0, lane.label.find(' '));
    json["dur"] = static_cast<double>((e.until - e.at).ns) / 1000;
    events_.push_back(std::move(json));
  }
  void counter(const std::string& name, Instant at, std::int64_t value) {
    Json json = event("C", name, at);
    json["args"]["requests"] = value;
    events_.push_back(std::move(json));
  }
  void instant(const std::string& name, Instant at, Json args) {
    Json json = event("i", name, at);
    json["tid"] = 0;
    json["s"] = "p";
    json["cat"] = "lock";
    json["args"] = std::move(args);
    events_.push_back(std::move(json));
  }
  void mark(const std::string& name) { instant(name, Instant{}, Json::object()); }
  static Json groups_json(const std::vector<QueueGroup>& groups) {
    Json all = Json::array();
    for (const QueueGroup& g : groups) all.push_back({{"who", g.who}, {"mode", g.mode}, {"count", g.count}});
    return all;
  }

  Json& events_;
  int number_;
  Instant origin_{};
};

void add_strategy(Json& events, int number, const StrategyResult& s) {
  if (s.timeline.empty()) return;
  Process process(events, number, s.name);
  process.add(s.timeline);
  process.add(s.queue);
  process.add(s.failures);
}

std::string document(Json events) {
  Json json;
  json["displayTimeUnit"] = "ms";
  json["traceEvents"] = std::move(events);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string to_trace(const Result& result) {
  Json events = Json::array();
  int number = 0;
  for (const StrategyResult& s : result.strategies) add_strategy(events, ++number, s);
  return document(std::move(events));
}

std::string to_trace(const ReplayResult& replay) {
  Json events = Json::array();
  StrategyResult measured;
  measured.name = "measured";
  measured.timeline = replay.measured.timeline;
  measured.queue = replay.measured.queue;
  measured.failures = replay.measured.failures;
  add_strategy(events, 1, measured);
  StrategyResult predicted = replay.predicted.strategies.front();
  predicted.name = "predicted: " + predicted.name;
  add_strategy(events, 2, predicted);
  return document(std::move(events));
}

}  // namespace midflight::io
