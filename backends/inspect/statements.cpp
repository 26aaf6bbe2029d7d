#include "backends/inspect/statements.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "sim/compat/compat.h"
#include "sim/kernel/error.h"
#include "sim/sql/parse.h"

namespace midflight::backends {
namespace {

constexpr std::size_t kClassesMost = 60, kUnreadableMost = 20;
constexpr std::string_view kHiddenText = "<insufficient privilege>";

// Names of columns differ between versions, so they are found as keys: the
// mean was mean_time before 1.8, toplevel came with 1.9, stats_since with 1.11.
std::string statements_query(const std::string& relation, bool has_info) {
  return fmt::format(R"sql(
SELECT coalesce(queryid, 0), max(query), sum(calls), sum(calls * mean) / 1e3, sum(calls * (mean * mean + sd * sd)) / 1e6,
       extract(epoch FROM clock_timestamp() - coalesce(max(since), {}))
FROM (SELECT queryid, query, calls,
             coalesce(j->>'mean_exec_time', j->>'mean_time')::float8 AS mean,
             coalesce(j->>'stddev_exec_time', j->>'stddev_time')::float8 AS sd,
             (j->>'stats_since')::timestamptz AS since
      FROM (SELECT s.queryid, s.query, s.calls, s.dbid, to_jsonb(s) - 'query' AS j FROM {} AS s) AS s
      WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND coalesce((j->>'toplevel')::boolean, true)) AS own
GROUP BY queryid)sql", has_info ? fmt::format("(SELECT stats_reset FROM {}_info)", relation) : "NULL", relation);
}

/// Runs a query that may fail without an end to the transaction.
PostgresReply attempt(PostgresConnection& session, const std::string& sql) {
  session.query("SAVEPOINT attempt");
  PostgresReply reply = session.run(sql);
  session.query(reply.ok() ? "RELEASE SAVEPOINT attempt" : "ROLLBACK TO SAVEPOINT attempt");
  return reply;
}

double number(const TextRow& row, std::size_t i) { return row[i] ? std::stod(*row[i]) : 0; }

void take_row(const TextRow& row, StatementLook& look) {
  if (row[1] == kHiddenText) {
    ++look.hidden;
    return;
  }
  look.counters[*row[0]] = {*row[1], number(row, 2), number(row, 3), number(row, 4), number(row, 5)};
}

bool is_request(const Statement& statement) {
  switch (statement.kind) {
    case StatementKind::Select: case StatementKind::Insert: case StatementKind::Update: case StatementKind::Delete: return true;
    case StatementKind::Ddl: case StatementKind::Other: return false;
  }
  return false;
}

bool is_known(const Access& access, const Schema& schema) {
  return schema.table(access.relation) != nullptr || schema.view(access.relation) != nullptr;
}

/// Why a statement is no class of the application: "" when it is one, or
/// "-" when nobody would miss it.
std::string reason_against(const std::string& sql, const Schema& schema, const Dialect& dialect) {
  try {
    const std::vector<Statement> parsed = sql::parse(sql);
    if (parsed.size() != 1 || !is_request(parsed.front()) || parsed.front().accesses.empty()) return "-";
    for (const Access& access : parsed.front().accesses) {
      if (access.relation.starts_with("pg_") || access.relation.starts_with("information_schema.")) return "-";
      if (!is_known(access, schema)) return fmt::format("{} is no table of this schema", access.relation);
    }
    const auto failure = compat::failure(parsed.front(), schema, dialect);
    return failure ? failure->message : "";
  } catch (const Error& error) {
    return error.problems().empty() ? error.what() : error.problems().front().message;
  }
}

StatementClass as_class(const StatementCounters& c) {
  const double mean = c.total_s / c.calls;
  return {c.sql, c.calls / c.since_s, mean, std::sqrt(std::max(0.0, c.squares_s2 / c.calls - mean * mean))};
}

std::string one_line(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  return text.size() > 300 ? text.substr(0, 300) + " ..." : text;
}

void keep_most_frequent(Inspection& inspection) {
  auto& classes = inspection.statements;
  std::sort(classes.begin(), classes.end(), [](const StatementClass& a, const StatementClass& b) {
    return a.per_second != b.per_second ? a.per_second > b.per_second : a.sql < b.sql;
  });
  if (classes.size() <= kClassesMost) return;
  double rest = 0;
  for (std::size_t i = kClassesMost; i < classes.size(); ++i) rest += classes[i].per_second;
  inspection.unreadable.push_back(fmt::format("{} rarer statements, {:.3g}/s together", classes.size() - kClassesMost, rest));
  classes.resize(kClassesMost);
}

std::string why_not(const PostgresReply& reply) {
  return fmt::format("statements: pg_stat_statements cannot be read ({})", reply.message);
}

}  // namespace

StatementLook look_at_statements(PostgresConnection& session) {
  StatementLook look;
  look.at = std::chrono::steady_clock::now();
  const auto found = session.query(
      "SELECT quote_ident(nspname) || '.pg_stat_statements', to_regclass(quote_ident(nspname) || '.pg_stat_statements_info') IS NOT NULL "
      "FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'pg_stat_statements'");
  if (found.empty()) {
    look.why_not = "statements: the extension pg_stat_statements is not there; with it in shared_preload_libraries, "
                   "CREATE EXTENSION pg_stat_statements makes it";
    return look;
  }
  const PostgresReply reply = attempt(session, statements_query(*found.front()[0], found.front()[1] == "t"));
  if (!reply.ok()) look.why_not = why_not(reply);
  for (const TextRow& row : reply.rows) take_row(row, look);
  return look;
}

StatementLook difference(const StatementLook& later, const StatementLook& earlier) {
  StatementLook between = later;
  const double seconds = std::chrono::duration<double>(later.at - earlier.at).count();
  for (auto& [id, counters] : between.counters) {
    counters.since_s = seconds;
    const auto before = earlier.counters.find(id);
    // Fewer calls than before: the counters were reset between the looks.
    if (before == earlier.counters.end() || before->second.calls > counters.calls) continue;
    counters.calls -= before->second.calls;
    counters.total_s -= before->second.total_s;
    counters.squares_s2 -= before->second.squares_s2;
  }
  std::erase_if(between.counters, [](const auto& entry) { return entry.second.calls <= 0; });
  return between;
}

void add_statements(const StatementLook& look, const Schema& schema, Inspection& inspection) {
  const Dialect dialect{Engine::Postgresql, inspection.settings.major};
  std::size_t unreadable = 0;
  for (const auto& [id, counters] : look.counters) {
    if (counters.calls <= 0 || counters.since_s <= 0) continue;
    const std::string against = reason_against(counters.sql, schema, dialect);
    if (against.empty()) inspection.statements.push_back(as_class(counters));
    if (against.empty() || against == "-" || ++unreadable > kUnreadableMost) continue;
    inspection.unreadable.push_back(fmt::format("{:.3g}/s: {} ({})", counters.calls / counters.since_s, one_line(counters.sql), against));
  }
  if (unreadable > kUnreadableMost) inspection.unreadable.push_back(fmt::format("and {} more", unreadable - kUnreadableMost));
  keep_most_frequent(inspection);
}

}  // namespace midflight::backends
