#include "sim/io/given.h"

#include <fmt/format.h>

#include "sim/io/text_number.h"

namespace midflight::io {

namespace {

/// A scenario may hold its profile as text of several lines.
std::string costs_text(const std::string& profile) {
  if (profile.empty()) return "the documented default";
  return profile.find('\n') == std::string::npos ? profile : "a profile inside the scenario";
}

std::string database_text(const Database& d) {
  if (d.dialect.engine == Engine::Sqlite) {
    return fmt::format("SQLite, journal {}, busy timeout {}", d.journal == Journal::Wal ? "wal" : "delete", duration_text(d.busy_timeout));
  }
  const std::string cores = d.cores_unlimited ? "unlimited processors" : fmt::format("{} processors", d.cores);
  return fmt::format("PostgreSQL {}, {} connections, {}, deadlock timeout {}, costs from {}", d.dialect.version, d.connections, cores,
                     duration_text(d.deadlock_timeout), costs_text(d.profile));
}

std::string endpoint_text(const Endpoint& e) {
  std::string sql;
  for (const Statement& s : e.statements) sql += (sql.empty() ? "" : "; ") + s.sql;
  const std::string think = e.think == Distribution{} ? "" : fmt::format(", {} between statements", e.think.text());
  return fmt::format("{:g}/s, takes {}{}: {}", e.rate_per_second, e.time.text(), think, sql);
}

std::string job_text(const BackgroundJob& job) {
  const std::string when = job.every ? "every " + duration_text(*job.every) : job.at ? "once, at " + duration_text(*job.at) : "once";
  return fmt::format("{}, {} {}{}: {}", when, job.during == BackgroundJob::While::Idle ? "idle for" : "takes", job.time.text(),
                     job.repeatable_read ? ", repeatable read" : "", job.statement.sql);
}

std::string share_text(const InstanceCount& count) { return fmt::format("{:g}{}", count.value, count.percent ? "%" : ""); }

std::string rollout_text(const Rollout& r) {
  static constexpr const char* kNames[] = {"recreate", "rolling", "blue-green", "canary"};
  std::string text = kNames[static_cast<std::size_t>(r.kind)];
  if (r.kind == RolloutKind::Rolling) text += fmt::format(", {} surge, {} unavailable", share_text(r.max_surge), share_text(r.max_unavailable));
  return fmt::format("{}; an instance starts in {} and drains for at most {}", text, r.startup.text(), r.drain.text());
}

std::string policy_text(const MigrationPolicy& m) {
  const std::string lock = m.lock_timeout ? "lock timeout " + duration_text(*m.lock_timeout) : "no lock timeout";
  return fmt::format("{}{}, {} tries, batches of {} with pauses of {}, soak {}", m.preset.empty() ? "" : m.preset + ": ", lock, m.retry.tries,
                     human_count(static_cast<double>(m.batch)), duration_text(m.batch_pause), duration_text(m.soak));
}

void add_tables(std::vector<Given>& all, const Scenario& s) {
  for (const Table& t : s.schema.tables) {
    all.push_back({"table " + t.name, fmt::format("{} of {} bytes", counted(static_cast<double>(t.rows), "row"), t.row_bytes)});
  }
}

void add_application(std::vector<Given>& all, const Application& app) {
  all.push_back({"instances", fmt::format("{}, each with {} connections, waiting {} for one", app.instances, app.pool, duration_text(app.pool_timeout))});
  all.push_back({"requests", fmt::format("time out after {}, {}{}", duration_text(app.request_timeout), counted(app.retry.tries, "try"),
                                         app.prepared ? ", with prepared statements" : "")});
  all.push_back({"rollout", rollout_text(app.rollout)});
  for (const Version& v : app.versions) {
    for (const Endpoint& e : v.endpoints) all.push_back({v.name + " " + e.name, endpoint_text(e)});
  }
}

}  // namespace

std::vector<Given> given_of(const Scenario& s) {
  std::vector<Given> all;
  if (s.change) all.push_back({"change", s.change->sql});
  all.push_back({"database", database_text(s.database)});
  add_tables(all, s);
  add_application(all, s.app);
  for (const BackgroundJob& job : s.background) all.push_back({job.name, job_text(job)});
  all.push_back({"migration", policy_text(s.migration)});
  all.push_back({"objective", fmt::format("answers within {}, at most {:g}% errors", duration_text(s.objective.latency), s.objective.errors * 100)});
  return all;
}

}  // namespace midflight::io
