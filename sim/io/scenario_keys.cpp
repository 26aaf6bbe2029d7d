#include "sim/io/scenario_keys.h"

#include "sim/kernel/error.h"

namespace midflight::io {

const std::vector<KeyTable>& scenario_keys() {
  static const std::vector<KeyTable> tables = {
      {"scenario",
       {"name", "database", "schema", "tables", "app", "background", "change", "plan", "migration", "objective",
        "limits", "seed"},
       {"clients", "replicas"}},
      {"database",
       {"engine", "version", "connections", "cores", "deadlock_timeout", "profile", "journal", "busy_timeout"},
       {"replicas"}},
      {"table", {"rows", "row_bytes"}},
      {"app",
       {"instances", "pool", "pool_timeout", "request_timeout", "prepared", "on_stale_plan", "retry", "rollout",
        "versions"},
       {"clients", "replicas"}},
      {"request_retry", {"tries", "pause", "backoff"}},
      {"rollout", {"kind", "max_surge", "max_unavailable", "startup", "drain", "stages"}},
      {"stage", {"share", "hold"}},
      {"endpoint", {"name", "rate", "time", "think", "sql"}, {"clients"}},
      {"background_job", {"name", "every", "at", "time", "while", "isolation", "sql"}},
      {"migration", {"policy", "lock_timeout", "statement_timeout", "retry", "backfill", "soak"}},
      {"retry", {"tries", "pause", "backoff", "cap"}},
      {"backfill", {"batch", "pause"}},
      {"objective", {"latency", "errors"}},
      {"limits", {"time"}},
      {"sql_step", {"id", "after", "sql", "lock_timeout", "statement_timeout", "retry"}},
      {"deploy_step", {"id", "after", "deploy", "rollout"}},
      {"backfill_step", {"id", "after", "backfill", "batch", "pause", "lock_timeout", "retry"}},
      {"wait_step", {"id", "after", "wait"}},
      {"check_step", {"id", "after", "check", "assume", "every", "timeout"}},
  };
  return tables;
}

const KeyTable& keys_of(std::string_view name) {
  const std::vector<KeyTable>& tables = scenario_keys();
  std::size_t at = 0;
  while (at < tables.size() && tables[at].name != name) ++at;
  MIDFLIGHT_CHECK(at < tables.size());
  return tables[at];
}

}  // namespace midflight::io
