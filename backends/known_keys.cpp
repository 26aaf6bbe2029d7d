#include "backends/known_keys.h"

#include <algorithm>
#include <map>
#include <set>

#include "backends/data/parameters.h"
#include "sim/sql/render.h"

namespace midflight::backends {
namespace {

constexpr std::int64_t kSample = 10'000;   // rows of a table
constexpr std::size_t kSampleLeast = 1'000;  // fewer, and the scenario's number of rows misled the sample

using Columns = std::map<std::string, std::set<std::string>>;  ///< by table

/// What requests look rows up by, and what they write that names another row.
struct Uses {
  Columns keys, references;
};

const Constraint* reference(const Table& table, const std::string& column) {
  for (const Constraint& key : table.constraints) {
    if (key.kind == ConstraintKind::ForeignKey && key.columns == std::vector<std::string>{column}) return &key;
  }
  return nullptr;
}

std::string referenced_column(const Constraint& key, const Table& parent) {
  const std::vector<std::string> target = key.referenced_columns.empty() ? parent.primary_key() : key.referenced_columns;
  return target.size() == 1 ? target.front() : "";
}

void add_use(const ParameterUse& use, const Schema& schema, Uses& uses) {
  const Table* table = schema.table(use.table);
  if (table == nullptr || table->column(use.column) == nullptr) return;  // of a version that is still to come
  if (use.role == ParameterUse::Role::Key) uses.keys[use.table].insert(use.column);
  const Constraint* key = use.role == ParameterUse::Role::Written ? reference(*table, use.column) : nullptr;
  const Table* parent = key != nullptr ? schema.table(key->referenced_table) : nullptr;
  if (parent == nullptr || referenced_column(*key, *parent).empty()) return;
  uses.references[use.table].insert(use.column);
  uses.keys[parent->name].insert(referenced_column(*key, *parent));
}

Uses uses_of(const std::vector<Version>& versions, const Schema& schema) {
  Uses uses;
  for (const Version& version : versions) {
    for (const Endpoint& endpoint : version.endpoints) {
      for (const Statement& statement : endpoint.statements) {
        for (const ParameterUse& use : parameter_uses(statement, schema)) add_use(use, schema, uses);
      }
    }
  }
  return uses;
}

std::string sample_sql(const std::string& table, const std::set<std::string>& columns, const std::string& sample) {
  std::string list, present;
  for (const std::string& column : columns) {
    list += (list.empty() ? "" : ", ") + sql::identifier(column);
    present += (present.empty() ? " WHERE " : " AND ") + sql::identifier(column) + " IS NOT NULL";
  }
  return "SELECT " + list + " FROM " + sql::relation(table) + sample + present + " LIMIT " + std::to_string(kSample);
}

std::vector<Row> sampled(Session& session, const std::string& table, const std::set<std::string>& columns, std::int64_t rows) {
  const double percent = std::min(100.0, 120.0 * static_cast<double>(kSample) / static_cast<double>(std::max<std::int64_t>(1, rows)));
  std::vector<Row> found = session.query(sample_sql(table, columns, " TABLESAMPLE SYSTEM (" + std::to_string(percent) + ")"));
  if (percent < 100 && found.size() < kSampleLeast) found = session.query(sample_sql(table, columns, ""));
  return found;
}

}  // namespace

void use_known_keys(Backend& backend, const std::vector<Version>& versions, Catalogue& catalogue,
                    const std::function<void(const std::string&)>& note) {
  const Schema& schema = catalogue.initial();
  const Uses uses = uses_of(versions, schema);
  const auto session = backend.open("keys");
  for (const auto& [table, columns] : uses.keys) {
    const std::vector<Row> rows = sampled(*session, table, columns, schema.table(table)->rows);
    if (rows.empty() && note) note("table " + table + " has no rows, so requests find none there");
    std::size_t at = 0;
    for (const std::string& column : columns) {
      std::vector<Value> values;
      for (const Row& row : rows) values.push_back(row[at]);
      ++at;
      if (!values.empty()) catalogue.use_known(table, column, std::move(values));
    }
  }
  for (const auto& [table, columns] : uses.references) {
    for (const std::string& column : columns) {
      const Constraint& key = *reference(*schema.table(table), column);
      const Table& parent = *schema.table(key.referenced_table);
      catalogue.refer_to_known(table, column, parent.name, referenced_column(key, parent));
    }
  }
}

}  // namespace midflight::backends
