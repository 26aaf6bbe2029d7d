#include "sim/io/differences.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "sim/io/text_number.h"
#include "sim/io/text_tables.h"

namespace midflight::io {

namespace {

constexpr double kWorthTelling = 0.1;
constexpr std::size_t kTold = 3;

struct Difference {
  const QuantityError* quantity;
  const StepError* step;  ///< null: of the whole run
  double size() const { return std::abs(*quantity->error); }
  bool longer() const { return *quantity->error < 0; }  ///< more was measured than predicted
};

bool counts(const QuantityError& e) { return e.error && e.measured && std::abs(*e.error) >= kWorthTelling; }

std::vector<Difference> differences_of(const ReplayResult& replay) {
  std::vector<Difference> all;
  for (const QuantityError& e : replay.errors) {
    if (counts(e)) all.push_back({&e, nullptr});
  }
  for (const StepError& step : replay.step_errors) {
    for (const QuantityError& e : step.quantities) {
      if (counts(e)) all.push_back({&e, &step});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Difference& a, const Difference& b) { return a.size() > b.size(); });
  return all;
}

bool is_time(const Difference& d) { return d.quantity->name.ends_with("_s"); }

/// The step whose times went wrong the same way, if there is one.
const Difference* behind(const Difference& d, const std::vector<Difference>& all) {
  const auto step = std::find_if(all.begin(), all.end(), [&](const Difference& o) { return o.step != nullptr && is_time(o) && o.longer() == d.longer(); });
  return step != all.end() ? &*step : nullptr;
}

std::map<std::string, std::int64_t> errors_by_class(const Measurement& m) {
  std::map<std::string, std::int64_t> counts;
  for (const ErrorCount& e : m.errors) counts[std::string(error_class_name(e.kind.error))] += e.count;
  return counts;
}

std::string list_of(const std::map<std::string, std::int64_t>& counts) {
  std::string text;
  for (const auto& [name, count] : counts) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name);
  return text.empty() ? "none" : text;
}

std::string step_reason(const Difference& d, const std::vector<Difference>& all) {
  if (!is_time(d)) {
    const bool times = std::any_of(all.begin(), all.end(), [&](const Difference& o) { return o.step == d.step && is_time(o); });
    return times ? "it follows from the step's times" : d.longer() ? "more requests came, or got a connection, while it was in their way"
                                                                   : "fewer requests came, or got a connection, while it was in their way";
  }
  if (d.quantity->name == "lock_wait_s") {
    return d.longer() ? "whoever was in its way kept the lock longer" : "whoever was in its way gave the lock back sooner";
  }
  return d.longer() ? "its work took longer than the cost model says; a profile of this server (midflight calibrate) fits it"
                    : "its work took less than the cost model says; a profile of this server (midflight calibrate) fits it";
}

bool about_queues(const std::string& name) { return name == "downtime_s" || name == "delayed_requests" || name == "stall_s"; }

std::string run_reason(const Difference& d, const std::vector<Difference>& all, const ReplayResult& replay) {
  if (const Difference* step = behind(d, all)) {
    return fmt::format("it follows from step {}, whose {} differs the same way", step->step->id, words(step->quantity->name));
  }
  const std::string& name = d.quantity->name;
  if (name == "failed_requests") {
    return fmt::format("by class, predicted {}; measured {}", list_of(errors_by_class(replay.paired)), list_of(errors_by_class(replay.measured)));
  }
  if (about_queues(name) && std::max(replay.paired.stall, replay.measured.stall) > Duration{}) {
    return d.longer() ? "the queue drained more slowly: in the crowd right after a stall a statement costs this server more than the profile's herd_s"
                      : "the queue drained faster: in the crowd right after a stall a statement costs this server less than the profile's herd_s";
  }
  return "no step's times explain it";
}

std::string sentence(const Difference& d, const std::vector<Difference>& all, const ReplayResult& replay) {
  const QuantityError& q = *d.quantity;
  const std::string whose = d.step != nullptr ? fmt::format("step {}, {}", d.step->id, words(q.name)) : words(q.name);
  std::string reason = d.step != nullptr ? step_reason(d, all) : run_reason(d, all, replay);
  if (!replay.valid) reason = "the load generator fell behind, so this may be its own doing";
  return fmt::format("{}: predicted {}, measured {}; {}", whose, human_quantity(q.name, q.predicted), human_quantity(q.name, *q.measured), reason);
}

}  // namespace

std::vector<std::string> largest_differences(const ReplayResult& replay) {
  const std::vector<Difference> all = differences_of(replay);
  std::vector<std::string> told;
  for (std::size_t i = 0; i < std::min(kTold, all.size()); ++i) told.push_back(sentence(all[i], all, replay));
  return told;
}

}  // namespace midflight::io
