#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/io/yaml_section.h"
#include "sim/model/scenario.h"
#include "sim/sql/type_names.h"

namespace midflight::io {

/// What the readers of the parts of a scenario share.
struct Reading {
  Document& document;
  Scenario& scenario;
  std::string base_directory;
  /// The schema could be read: statements may be checked against it.
  bool schema_known = false;
  /// Types that the schema's columns may have, and the plan's.
  sql::TypeNames types{};
  /// There must be a change or a plan to predict.
  bool change_wanted = true;
  /// Names of what leaves a key out: endpoints, background jobs, backfills.
  std::vector<std::string> untimed{}, without_think{}, without_isolation{}, without_batch{};
};

/// Whether the text of `schema` names a file: it is one word or ends in .sql.
bool is_schema_path(const std::string& text);

/// The readers of the top-level keys; each fills its part of the scenario.
void read_database(const Section& root, Reading& reading);
void read_schema(const Section& root, Reading& reading);  ///< schema and tables
void read_app(const Section& root, Reading& reading);
void read_background(const Section& root, Reading& reading);
void read_migration(const Section& root, Reading& reading);
void read_plan(const Section& root, Reading& reading);

/// What only the whole can tell: statements against the schemas that the plan
/// goes through, its DDL, and the versions it deploys.
/// Requires: every part was read.
void check_scenario(Reading& reading);

/// The `time` of an endpoint that has none.
Distribution default_endpoint_time();
/// Gives endpoints without `time` what the profile says of their statements.
/// Returns: whether it says anything.  A profile that cannot be read is no
///          matter here: whoever needs it says so.
bool give_profile_times(Reading& reading);
/// Writes down every value that the prediction depends on and the scenario does not say.
/// Requires: every part was read.
void note_defaults(Reading& reading);

/// Reports the types that nobody has defined in the SQL of a schema.  SQLite takes
/// any word for a type, so there is nothing to report.
/// `place` turns places in the SQL, from line 1 on, into those of the file.
void check_schema_types(const std::string& sql, const std::function<Position(const Position&)>& place, Reading& reading);
/// The same for the change and the plan, whose statements may define types themselves.
void check_change_types(Reading& reading);

/// What a statement names and the schema lacks, as a sentence's end ("reads
/// users.nam, which the schema does not have"), else "".
std::string misfit(const Statement& statement, const Schema& schema, const Dialect& dialect);
/// "; did you mean `x`?" for a refusal of DDL that misses a name of the schema, else "".
std::string suggestion(const std::string& refusal, const Statement& statement, const Schema& schema);
/// Whether a check's table, columns and constraint exist; as misfit().
std::string misfit(const CheckStep& check, const Schema& schema);

/// The statements of a scalar; none after a problem.
std::vector<Statement> read_statements(const Value& value);
/// The one statement of a scalar.
std::optional<Statement> read_statement(const Value& value);

/// A rollout as a mapping or a bare kind, over the values of `base`.
Rollout read_rollout(const Value& value, Rollout base);
/// A policy of retries, over the values of `base`.
Retry read_retry(const Value& value, Retry base);
/// A timeout or `none`.  Returns: true when the key is there and right.
bool read_timeout(const Section& section, std::string_view key, std::optional<Duration>& timeout);
/// tries and backoff, for both kinds of retries.
void read_backoff(const Section& section, double& backoff);

}  // namespace midflight::io
