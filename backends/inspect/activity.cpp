#include "backends/inspect/activity.h"

#include <fmt/core.h>

#include <algorithm>

#include "backends/inspect/catalogue_sql.h"
#include "backends/postgres/server_facts.h"
#include "sim/model/sql_text.h"

namespace midflight::backends {
namespace {

constexpr std::string_view kSettings = R"sql(
SELECT current_setting('server_version'), current_setting('max_connections'),
       extract(epoch FROM current_setting('deadlock_timeout')::interval), extract(epoch FROM own.lock::interval),
       extract(epoch FROM own.statement::interval), extract(epoch FROM own.idle::interval), session_user
FROM (SELECT max(reset_val || unit) FILTER (WHERE name = 'lock_timeout') AS lock,
             max(reset_val || unit) FILTER (WHERE name = 'statement_timeout') AS statement,
             max(reset_val || unit) FILTER (WHERE name = 'idle_in_transaction_session_timeout') AS idle
      FROM pg_settings) AS own)sql";

// A partitioned table is as large as its partitions together.  Rows of a table
// that was never analysed: as many as fit its pages at a hundred bytes each.
constexpr std::string_view kSizes = R"sql(
, leaves AS (
  SELECT CASE ours.nspname WHEN 'public' THEN '' ELSE ours.nspname || '.' END || c.relname AS root, coalesce(p.relid, c.oid) AS leaf
  FROM pg_class c JOIN ours ON ours.oid = c.relnamespace
  LEFT JOIN LATERAL (SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf) p ON c.relkind = 'p'
  WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
    AND NOT EXISTS (SELECT FROM guests WHERE classid = 'pg_class'::regclass AND objid = c.oid)
), measured AS (
  SELECT root, l.reltuples < 0 OR (l.reltuples = 0 AND l.relpages = 0) AS unknown, l.reltuples,
         CASE l.relkind WHEN 'r' THEN coalesce(pg_table_size(leaf), 0) ELSE 0 END AS bytes,
         CASE l.relkind WHEN 'r' THEN coalesce(pg_relation_size(leaf), 0) ELSE 0 END AS main,
         coalesce(pg_stat_get_live_tuples(leaf), 0) AS live
  FROM leaves JOIN pg_class l ON l.oid = leaf
)
SELECT root,
       sum(CASE WHEN NOT unknown THEN reltuples WHEN live > 0 THEN live ELSE main / 100 END)::bigint,
       sum(bytes)::bigint, bool_and(NOT unknown OR main = 0)
FROM measured GROUP BY root ORDER BY 1)sql";

constexpr std::string_view kOpenTransactions = R"sql(
SELECT coalesce(query, ''), coalesce(application_name, ''), extract(epoch FROM clock_timestamp() - xact_start),
       state LIKE 'idle%'
FROM pg_stat_activity
WHERE datname = current_database() AND {} AND pid <> pg_backend_pid()
  AND xact_start < clock_timestamp() - interval '5 s'
ORDER BY xact_start)sql";

// Where another user's sessions come from is hidden with their kind.
constexpr std::string_view kClients = R"sql(
SELECT coalesce(nullif(application_name, ''), 'unnamed'), count(DISTINCT coalesce(host(client_addr), '')), count(*)
FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
  AND application_name NOT IN ('midflight', 'psql', 'pg_dump', 'pg_dumpall')
GROUP BY 1 ORDER BY 3 DESC, 1)sql";

constexpr std::string_view kHidden = R"sql(
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND {} AND backend_type IS NULL)sql";

/// A query with the condition for sessions of clients put in.
std::string of_clients(std::string_view query) { return fmt::format(fmt::runtime(query), kClientSession); }

std::string hidden_sessions(PostgresConnection& session) { return session.value(of_clients(kHidden)); }

double number(const TextRow& row, std::size_t i) { return row[i] ? std::stod(*row[i]) : 0; }

bool is_literal(const SqlToken& token) { return token.kind == SqlTokenKind::String || token.kind == SqlTokenKind::Number; }

int highest_parameter(const std::vector<SqlToken>& tokens) {
  int highest = 0;
  for (const SqlToken& token : tokens) {
    if (token.kind == SqlTokenKind::Parameter) highest = std::max(highest, std::atoi(std::string(token.text.substr(1)).c_str()));
  }
  return highest;
}

}  // namespace

InspectedSettings settings_of(PostgresConnection& session) {
  const TextRow row = session.query(std::string(kSettings)).front();
  InspectedSettings settings;
  settings.major = session.major_version();
  settings.version = *row[0];
  settings.connections = std::stoi(*row[1]);
  settings.deadlock_timeout_s = number(row, 2);
  settings.lock_timeout_s = number(row, 3);
  settings.statement_timeout_s = number(row, 4);
  settings.idle_transaction_timeout_s = number(row, 5);
  settings.role = *row[6];
  return settings;
}

std::vector<TableSize> sizes_of(PostgresConnection& session) {
  std::vector<TableSize> sizes;
  for (const TextRow& row : session.query(catalogue_query(kSizes))) {
    sizes.push_back({*row[0], std::stoll(*row[1]), std::stoll(*row[2]), row[3] == "t"});
  }
  return sizes;
}

std::vector<LongTransaction> long_transactions(PostgresConnection& session, std::vector<std::string>& unseen) {
  std::vector<LongTransaction> found;
  for (const TextRow& row : session.query(of_clients(kOpenTransactions))) {
    found.push_back({without_literals(*row[0]), *row[1], number(row, 2), row[3] == "t"});
  }
  if (const std::string hidden = hidden_sessions(session); hidden != "0") {
    unseen.push_back(fmt::format("what {} sessions of other users do; the role pg_read_all_stats sees them", hidden));
  }
  return found;
}

std::vector<ClientPool> client_pools(PostgresConnection& session, std::vector<std::string>& unseen) {
  std::vector<ClientPool> pools;
  for (const TextRow& row : session.query(std::string(kClients))) {
    pools.push_back({*row[0], std::stoi(*row[1]), std::stoi(*row[2])});
  }
  const std::string hidden = hidden_sessions(session);
  if (hidden != "0") {
    unseen.push_back(fmt::format("pools: where {} connections of other users come from; the role pg_read_all_stats sees it", hidden));
  } else if (pools.empty()) {
    unseen.emplace_back("pools: no application was connected");
  }
  return pools;
}

std::string without_literals(const std::string& sql) {
  const std::vector<SqlToken> tokens = sql_tokens(sql);
  int parameter = highest_parameter(tokens);
  std::string text;
  const char* done = sql.data();
  for (const SqlToken& token : tokens) {
    if (!is_literal(token)) continue;
    text.append(done, token.text.data());
    text += "$" + std::to_string(++parameter);
    done = token.text.data() + token.text.size();
  }
  return text.append(done, sql.data() + sql.size());
}

}  // namespace midflight::backends
