#include <fmt/core.h>

#include <algorithm>

#include "sim/io/scenario_keys.h"
#include "sim/io/scenario_reader.h"

namespace midflight::io {
namespace {

Value named_job(const Value& item) {
  if (!item.is_map()) return item;
  for (const auto& [key, value] : item.entries()) {
    if (key.text() == "name" && !value.text().empty()) return item.named("background." + value.text());
  }
  return item;
}

void read_when(const Section& section, BackgroundJob& job) {
  job.every = section.positive_duration("every");
  job.at = section.duration("at");
  if (section.has("every") == section.has("at")) {
    section.value().problem("needs either `every` (periodic) or `at` (once)");
  }
}

BackgroundJob read_job(const Value& value, Reading& reading) {
  const Section section(value, keys_of("background_job"));
  BackgroundJob job;
  if (section.require("name") != nullptr) assign(job.name, section.name("name"));
  if (section.require("time") != nullptr) assign(job.time, section.distribution("time"));
  if (const Value* sql = section.require("sql")) assign(job.statement, read_statement(*sql));
  read_when(section, job);
  assign(job.during, section.choice("while", {"running", "idle"}));
  const auto isolation = section.choice("isolation", {"read committed", "repeatable read", "serializable"});
  job.repeatable_read = isolation && *isolation > 0;
  const bool idle = job.during == BackgroundJob::While::Idle;
  if (idle && !isolation) reading.without_isolation.push_back(job.name);
  return job;
}

}  // namespace

void read_background(const Section& root, Reading& reading) {
  const Value* given = root.find("background");
  if (given == nullptr || given->is_null()) return;
  if (!given->is_list()) return given->problem("must be a list of jobs");
  std::vector<BackgroundJob>& jobs = reading.scenario.background;
  for (const Value& item : given->items()) {
    const Value value = named_job(item);
    BackgroundJob job = read_job(value, reading);
    const auto same_name = [&](const BackgroundJob& other) { return other.name == job.name; };
    const bool known = std::any_of(jobs.begin(), jobs.end(), same_name);
    if (known && !job.name.empty()) value.problem("is the second background job with this name");
    jobs.push_back(std::move(job));
  }
}

}  // namespace midflight::io
