#pragma once

#include <string>
#include <vector>

/// Small scenarios that between them use everything a run can do, short enough
/// to simulate every request of hundreds of runs.
namespace midflight::testing {

struct ModeCase {
  std::string name;
  std::string strategy;  ///< "plan": the explicit one
  std::string yaml;
  double batch_s = 0;    ///< of the cost profile, where the default is not meant
  bool counts = true;    ///< false: nothing in it is certain, so both modes are one
};

inline const std::string kUsers = R"yaml(
schema: "CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(50));"
)yaml";

inline const std::string kUsersTraffic = R"yaml(
  versions:
    v1:
      - {name: sign-up, rate: 6/s, time: "lognormal(2ms, 0.5)", sql: "INSERT INTO users (name) VALUES ($1)"}
      - {name: profile, rate: 30/s, time: "lognormal(1ms, 0.5)", sql: "SELECT name FROM users WHERE id = $1"}
      - {name: rename, rate: 9/s, time: "lognormal(2ms, 0.5)", sql: "UPDATE users SET name = $1 WHERE id = $2"}
change: ALTER TABLE users RENAME COLUMN name TO full_name
objective: {latency: 300ms, errors: 1%}
)yaml";

inline std::string postgres(const std::string& app, const std::string& rows) {
  return "name: two modes\ndatabase: {engine: postgresql, version: 15, connections: 200, cores: 4}\n" + kUsers +
         "tables: {users: {rows: " + rows + ", row_bytes: 96}}\napp:\n" + app + kUsersTraffic;
}

inline const std::string kRolling = R"yaml(
  instances: 4
  pool: 6
  pool_timeout: 1s
  request_timeout: 2s
  rollout: {kind: rolling, startup: "uniform(2s, 4s)", drain: 1s}
)yaml";

inline std::string with_kind(std::string app, const std::string& rollout) {
  const std::size_t at = app.find("  rollout:");
  return app.substr(0, at) + "  rollout: " + rollout + "\n";
}

inline const std::string kReport = R"yaml(
background:
  - {name: report, every: 40s, time: "lognormal(2s, 0.6)", sql: "SELECT count(*) FROM users"}
)yaml";

inline const std::string kPolicy = R"yaml(
migration:
  lock_timeout: 400ms
  retry: {tries: 12, pause: 700ms, backoff: 1.5, cap: 5s}
  backfill: {batch: 200, pause: 40ms}
  soak: 8s
)yaml";

inline const std::string kOrders = R"yaml(
name: not null
database: {engine: postgresql, version: 15, connections: 200, cores: 4}
schema: |
  CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id bigint, state varchar(20) NOT NULL DEFAULT 'new');
tables: {orders: {rows: 9000, row_bytes: 120}}
app:
  instances: 3
  pool: 5
  pool_timeout: 1s
  request_timeout: 2s
  rollout: {kind: rolling, startup: "uniform(1s, 3s)", drain: 1s}
  versions:
    v1:
      - {name: place, rate: 10/s, time: "lognormal(2ms, 0.5)", sql: "INSERT INTO orders (customer_id) VALUES ($1)"}
      - {name: show, rate: 40/s, time: "lognormal(1ms, 0.5)", sql: "SELECT customer_id, state FROM orders WHERE id = $1"}
      - {name: ship, rate: 10/s, time: "lognormal(2ms, 0.5)", sql: "UPDATE orders SET state = $1 WHERE id = $2"}
background:
  - {name: totals, every: 35s, time: "lognormal(2s, 0.5)", sql: "SELECT state, count(*) FROM orders GROUP BY state"}
change: ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL
objective: {latency: 300ms, errors: 1%}
)yaml";

inline const std::string kWrongOrder = R"yaml(
plan:
  - {wait: 3s}
  - {id: expand, sql: ALTER TABLE users ADD COLUMN full_name varchar(50), lock_timeout: 1s}
  - {id: copy, backfill: UPDATE users SET full_name = name WHERE full_name IS DISTINCT FROM name, batch: 200, pause: 60ms}
  - {wait: 5s}
  - {id: double-write, deploy: v1.1}
  - {wait: 5s}
  - {id: read-new, deploy: v1.2}
  - {wait: 5s}
)yaml";

inline const std::string kSkippedRelease = R"yaml(
plan:
  - {id: expand, sql: ALTER TABLE users ADD COLUMN full_name varchar(50), lock_timeout: 1s}
  - {id: double-write, deploy: v1.1}
  - {id: copy, backfill: UPDATE users SET full_name = name WHERE full_name IS DISTINCT FROM name, batch: 200, pause: 20ms}
  - {id: filled, check: "equal(users.name, users.full_name)"}
  - {id: stop-old, deploy: v2}
  - {wait: 5s}
)yaml";

inline const std::string kTwoStatements = R"yaml(
name: requests of two statements
database: {engine: postgresql, version: 15, connections: 200, cores: 2}
schema: |
  CREATE TABLE a (id bigint PRIMARY KEY, x int);
  CREATE TABLE b (id bigint PRIMARY KEY, y int);
tables: {a: {rows: 5000, row_bytes: 80}, b: {rows: 5000, row_bytes: 80}}
app:
  instances: 2
  pool: 6
  pool_timeout: 1s
  request_timeout: 3s
  rollout: {kind: rolling, startup: 1s, drain: 1s}
  versions:
    v1:
      - name: transfer
        rate: 15/s
        time: lognormal(3ms, 0.5)
        think: uniform(2ms, 9ms)
        sql: ["UPDATE a SET x = $1 WHERE id = $2", "UPDATE b SET y = $1 WHERE id = $2"]
      - {name: look, rate: 30/s, time: "exponential(2ms)", sql: "SELECT x FROM a WHERE id = $1"}
background:
  - {name: forgotten, every: 25s, time: "uniform(500ms, 2s)", while: idle, sql: "SELECT * FROM a LIMIT 1"}
plan:
  - {wait: 6s}
  - {id: one, sql: ALTER TABLE a ADD COLUMN z int, lock_timeout: 300ms, retry: {tries: 1000, pause: 1s}}
  - {wait: 6s}
  - {id: both, sql: ["ALTER TABLE b ADD COLUMN z int", "ALTER TABLE a ADD COLUMN w int"], lock_timeout: 500ms, retry: {tries: 1000, pause: 1s}}
  - {wait: 6s}
  - {id: index, sql: CREATE INDEX CONCURRENTLY a_x ON a (x)}
objective: {latency: 300ms, errors: 1%}
)yaml";

inline const std::string kRetries = R"yaml(
  instances: 2
  pool: 6
  pool_timeout: 1s
  request_timeout: 2s
  retry: {tries: 3, pause: 200ms, backoff: 2}
  rollout: {kind: canary, startup: 2s, drain: 1s, stages: [{share: 50%, hold: 6s}]}
)yaml";

inline std::string sqlite(const std::string& journal) {
  return "name: sqlite\ndatabase: {engine: sqlite, journal: " + journal + ", busy_timeout: 400ms}\n" + kUsers +
         "tables: {users: {rows: 40000, row_bytes: 96}}\napp:\n" + kRolling + kUsersTraffic;
}

inline const std::string kSlowReport = R"yaml(
plan:
  - {wait: 5s}
  - {id: add-column, sql: ALTER TABLE users ADD COLUMN locale varchar(10), lock_timeout: 300ms, retry: {tries: 10, pause: 1s, backoff: 1.5, cap: 30s}}
background:
  - {name: report, at: 4s, time: "lognormal(4s, 0.4)", sql: "SELECT count(*) FROM users"}
)yaml";

inline const std::string kCollisions = R"yaml(
name: writers meet the batches of a small table
database: {engine: postgresql, version: 15, connections: 200, cores: 8}
schema: "CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(50), seen int);"
tables: {users: {rows: 5000, row_bytes: 96}}
app:
  instances: 2
  pool: 20
  rollout: {kind: rolling, startup: 1s, drain: 1s}
  versions:
    v1:
      - {name: profile, rate: 60/s, sql: "SELECT name FROM users WHERE id = $1"}
      - {name: rename, rate: 70/s, sql: "UPDATE users SET name = $1 WHERE id = $2"}
      - {name: visit, rate: 150/s, sql: "UPDATE users SET seen = seen + 1 WHERE id = $1"}
plan:
  - {wait: 2s}
  - {id: expand, sql: ALTER TABLE users ADD COLUMN full_name varchar(50)}
  - {id: copy, backfill: UPDATE users SET full_name = name WHERE full_name IS NULL, batch: 50, pause: 90ms}
objective: {latency: 300ms, errors: 1%}
)yaml";

inline const std::string kBusy = R"yaml(
name: work beside busy processors
database: {engine: postgresql, version: 15, connections: 200, cores: 2}
schema: "CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(50));"
tables: {users: {rows: 1200000, row_bytes: 96}}
app:
  instances: 2
  pool: 20
  rollout: {kind: rolling, startup: 1s, drain: 1s}
  versions:
    v1:
      - {name: profile, rate: 200/s, time: "uniform(1ms, 5ms)", sql: "SELECT name FROM users WHERE id = $1"}
plan:
  - {wait: 4s}
  - {id: index, sql: CREATE INDEX CONCURRENTLY users_name ON users (name)}
  - {wait: 2s}
  - {id: expand, sql: ALTER TABLE users ADD COLUMN full_name varchar(50)}
  - {id: copy, backfill: UPDATE users SET full_name = name WHERE full_name IS DISTINCT FROM name, batch: 10000, pause: 20ms}
objective: {latency: 300ms, errors: 1%}
)yaml";

inline const std::string kStalePlans = R"yaml(
name: prepared statements whose result changes
database: {engine: postgresql, version: 15, connections: 200, cores: 4}
schema: "CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(50));"
tables: {users: {rows: 12000, row_bytes: 96}}
app:
  instances: 3
  pool: 4
  prepared: driver
  on_stale_plan: reprepare
  rollout: {kind: rolling, startup: 2s, drain: 1s}
  versions:
    v1:
      - {name: show, rate: 40/s, sql: "SELECT * FROM users WHERE id = $1"}
      - {name: list, rate: 8/s, sql: ["SELECT * FROM users WHERE id = $1", "UPDATE users SET name = $1 WHERE id = $2"]}
plan:
  - {wait: 5s}
  - {id: add, sql: ALTER TABLE users ADD COLUMN locale varchar(10)}
  - {wait: 5s}
objective: {latency: 300ms, errors: 1%}
)yaml";

inline const std::string kWriterBeside = R"yaml(
background:
  - {name: correction, every: 25s, time: "lognormal(1500ms, 0.4)", sql: UPDATE users SET name = $1 WHERE id = $2}
  - {name: clean-up, every: 45s, time: "uniform(500ms, 2s)", while: idle, sql: UPDATE users SET name = 'x'}
)yaml";

/// The writer keeps the index waiting for longer than its timeout, in most runs more than once.
inline const std::string kBrokenIndex = R"yaml(
background:
  - {name: writer, every: 12s, time: "uniform(2s, 6s)", while: idle, sql: "INSERT INTO users (name) VALUES ($1)"}
plan:
  - {wait: 4s}
  - {id: index, sql: CREATE INDEX CONCURRENTLY by_name ON users (name), lock_timeout: 400ms, retry: {tries: 1000, pause: 1500ms}}
  - {wait: 4s}
  - {id: away, sql: DROP INDEX CONCURRENTLY by_name, lock_timeout: 400ms, retry: {tries: 1000, pause: 1500ms}}
  - {wait: 4s}
)yaml";

inline std::string one_core(std::string yaml) {
  yaml.replace(yaml.find("cores: 2"), 8, "cores: 1");
  return yaml.replace(yaml.find("200/s"), 5, "150/s");
}

inline std::string with_deletes(std::string yaml) {
  return yaml.insert(yaml.find("change:"), R"yaml(      - {name: forget, rate: 12/s, sql: "DELETE FROM users WHERE id = $1"}
)yaml");
}

/// Whoever meets a batch early gives up, many others are late.
inline std::string impatient(std::string yaml) {
  yaml.insert(yaml.find("  rollout:"), "  request_timeout: 250ms\n");
  yaml.replace(yaml.find("cores: 8"), 8, "cores: 3");
  return yaml.replace(yaml.find("300ms"), 5, "120ms");
}

inline std::string longer_lock_timeout(std::string policy) { return policy.replace(policy.find("400ms"), 5, "1500ms"); }

/// A queue behind a lock opens more connections than the server has, and pools keep them.
inline std::string with_large_pools(std::string yaml) {
  yaml.replace(yaml.find("connections: 200"), 16, "connections: 60");
  return yaml.replace(yaml.find("pool: 6"), 7, "pool: 30");
}

/// The application of kOrders under another change.
inline std::string orders_with(const std::string& change) {
  const std::size_t at = kOrders.find("change:");
  return kOrders.substr(0, at) + "change: " + change + kOrders.substr(kOrders.find('\n', at)) + kPolicy;
}

inline std::vector<ModeCase> mode_cases() {
  const std::string rolling = postgres(kRolling, "12000");
  return {
      {"naive_rename", "naive", rolling + kReport},
      {"expand_contract", "expand_contract", rolling + kReport + kPolicy},
      {"pools_beyond_the_connections", "expand_contract", with_large_pools(rolling) + kReport + longer_lock_timeout(kPolicy)},
      {"small_table_backfill", "plan", kCollisions, 0.03},
      {"batches_longer_than_the_objective", "plan", kCollisions, 0.35},
      {"batches_longer_than_the_request_timeout", "plan", impatient(kCollisions), 0.35},
      {"safe_not_null", "safe_not_null", kOrders + kPolicy},
      {"concurrent_index", "concurrent_index", orders_with("CREATE INDEX by_customer ON orders (customer_id)")},
      {"validate_later", "validate_later", orders_with("ALTER TABLE orders ADD CONSTRAINT stated CHECK (state <> '')")},
      {"key_from_index", "key_from_index", orders_with("ALTER TABLE orders ADD CONSTRAINT once UNIQUE (customer_id, state)")},
      {"maintenance_window", "maintenance_window", rolling + kReport + kPolicy},
      {"view", "rename_with_view", rolling + kReport + kPolicy},
      {"report_and_lock_timeout", "plan", rolling + kSlowReport},
      {"wrong_order", "plan", postgres(kRolling, "12000") + kWrongOrder},
      {"rows_come_and_go", "plan", with_deletes(postgres(kRolling, "1500") + kWrongOrder)},
      {"skipped_release", "plan", postgres(kRolling, "3000") + kSkippedRelease},
      {"blue_green", "naive", postgres(with_kind(kRolling, "{kind: blue-green, startup: \"uniform(3s, 9s)\", drain: 2s}"), "12000") + kReport},
      {"canary_with_retries", "naive", postgres(kRetries, "12000") + kReport},
      {"two_statements", "plan", kTwoStatements},
      {"busy_processors", "plan", kBusy},
      {"one_busy_processor", "plan", one_core(kBusy)},
      {"sqlite_wal", "expand_contract", sqlite("wal") + kReport + kPolicy},
      {"sqlite_delete", "expand_contract", sqlite("delete") + kPolicy},
      {"background_writer", "expand_contract", postgres(kRolling, "6000") + kWriterBeside + kPolicy},
      {"broken_concurrent_index", "plan", postgres(kRolling, "60000") + kBrokenIndex},
      {"stale_plans", "plan", kStalePlans, 0, false},
      {"prepared_and_expand_contract", "expand_contract", postgres(kRolling + "  prepared: driver\n  on_stale_plan: reprepare\n", "12000") + kReport + kPolicy},
  };
}

}  // namespace midflight::testing
