#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/io/yaml_section.h"
#include "sim/model/scenario.h"

namespace midflight::io {

/// What the readers of the parts of a scenario share.
struct Reading {
  Document& document;
  Scenario& scenario;
  std::string base_directory;
  /// The schema could be read: statements may be checked against it.
  bool schema_known = false;
  /// There must be a change or a plan to predict.
  bool change_wanted = true;
  /// "app.instances 8": what was not given and taken by default.
  std::vector<std::string> defaults{};
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

/// What a statement names and the schema lacks, as a sentence's end ("reads
/// users.nam, which the schema does not have"), else "".
std::string misfit(const Statement& statement, const Schema& schema, const Dialect& dialect);
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
