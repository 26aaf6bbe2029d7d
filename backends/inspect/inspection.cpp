#include "backends/inspect/inspection.h"

#include <fmt/core.h>

#include <algorithm>
#include <thread>

#include "backends/inspect/activity.h"
#include "backends/inspect/schema_text.h"
#include "backends/inspect/statements.h"
#include "backends/postgres/server_facts.h"
#include "sim/kernel/error.h"
#include "sim/sql/parse.h"

namespace midflight::backends {
namespace {

constexpr double kDefaultBetween = 10;  // where the server does not say since when it counts

void begin(PostgresConnection& session) {
  session.query("SET application_name = 'midflight'; SET client_encoding = 'UTF8'");
  session.query("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  // Without pg_catalog in it, so that it comes first, as it does for everybody.
  session.query("SET LOCAL search_path = public; SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '60s'");
}

void pause(double seconds, const std::atomic<bool>* stop) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (std::chrono::steady_clock::now() < until) {
    if (stop != nullptr && *stop) throw Error(ErrorCode::Interrupted, "interrupted");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

StatementLook look_once(PostgresConnection& session) {
  begin(session);
  StatementLook look = look_at_statements(session);
  session.query("COMMIT");
  return look;
}

/// The seconds that must lie between two looks; 0 if one is enough.
double seconds_between(const StatementLook& first, const InspectOptions& options) {
  if (!first.why_not.empty() || first.counters.empty()) return 0;
  if (options.between) return options.between->seconds();
  const bool known = first.counters.begin()->second.since_s > 0;
  return known ? 0 : kDefaultBetween;
}

std::string told_span(double seconds) {
  const auto minutes = static_cast<long>(seconds / 60);
  if (minutes < 2) return fmt::format("{:.0f} s", seconds);
  if (minutes < 120) return fmt::format("{} min", minutes);
  return minutes < 2880 ? fmt::format("{} h", minutes / 60) : fmt::format("{} days", minutes / 1440);
}

double longest_since(const StatementLook& look) {
  double longest = 0;
  for (const auto& [id, counters] : look.counters) longest = std::max(longest, counters.since_s);
  return longest;
}

void add_calls(PostgresConnection& session, const StatementLook& look, Inspection& inspection) {
  const Schema schema = sql::schema_from_sql(inspection.schema_sql, {"schema", 1, 1});
  if (!look.why_not.empty()) inspection.unseen.push_back(look.why_not);
  if (look.hidden > 0) {
    inspection.unseen.push_back(fmt::format("{} statements of other users; the role pg_read_all_stats sees them", look.hidden));
  }
  add_statements(look, schema, inspection);
  inspection.statements_from = fmt::format("pg_stat_statements over {}", told_span(longest_since(look)));
  if (inspection.statements.empty()) add_guessed_statements(session, schema, inspection);
}

Inspection read_all(PostgresConnection& session, const StatementLook& first, double between) {
  Inspection inspection;
  begin(session);
  StatementLook look = look_at_statements(session);
  if (between > 0) look = difference(look, first);
  inspection.database = session.value("SELECT current_database()");
  inspection.settings = settings_of(session);
  inspection.schema_sql = schema_text(session);
  for (const std::string& what : unshown_objects(session)) inspection.unseen.push_back(what);
  inspection.tables = sizes_of(session);
  if (inspection.tables.empty()) throw Error(ErrorCode::Database, fmt::format("the database {} has no tables", inspection.database));
  inspection.transactions = long_transactions(session, inspection.unseen);
  inspection.pools = client_pools(session, inspection.unseen);
  add_calls(session, look, inspection);
  session.query("COMMIT");
  return inspection;
}

}  // namespace

Inspection inspect(const std::string& uri, const InspectOptions& options) {
  PostgresConnection session(uri);
  refuse_old_server(session);
  if (options.stop != nullptr) session.end_with(*options.stop);
  const StatementLook first = look_once(session);
  const double between = seconds_between(first, options);
  pause(between, options.stop);
  return read_all(session, first, between);
}

}  // namespace midflight::backends
