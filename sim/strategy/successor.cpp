#include "sim/strategy/successor.h"

#include <algorithm>
#include <variant>

#include "sim/kernel/error.h"
#include "sim/sql/parse.h"
#include "sim/sql/render.h"
#include "sim/strategy/names.h"
#include "sim/strategy/refusal.h"

namespace midflight::strategy {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string column_beside(const Table& table, const std::string& column, const std::string& type) {
  const std::string wish = column + "_" + type_suffix(type);
  std::string result = wish;
  for (int n = 2; table.column(result); ++n) result = wish + "_" + std::to_string(n);
  return result;
}

void refuse_key(const Successor& s, const Schema& schema) {
  if (contains(schema.table(s.table)->primary_key(), s.from)) {
    refuse(s.table + "." + s.from + " is part of the primary key, which a second column cannot take over while the application runs");
  }
  for (const Table& other : schema.tables) {
    for (const Constraint& c : other.constraints) {
      if (c.kind == ConstraintKind::ForeignKey && c.referenced_table == s.table && contains(c.referenced_columns, s.from)) {
        refuse("the foreign key " + c.name + " of " + other.name + " references " + s.table + "." + s.from);
      }
    }
  }
}

void refuse_values_of_the_server(const Successor& s, const Column& column) {
  if (column.generated) refuse(s.table + "." + s.from + " is a generated column, so no application can write it twice");
  if (column.identity) {
    refuse("the values of " + s.table + "." + s.from + " come from a sequence, so the application cannot write them twice");
  }
}

void refuse_dependents(const Successor& s, const Schema& schema) {
  for (const View& view : schema.views) {
    const bool reads = view.table == s.table && std::any_of(view.outputs.begin(), view.outputs.end(),
                                                            [&](const View::Output& o) { return o.column == s.from; });
    if (reads) refuse("the view " + view.name + " reads " + s.table + "." + s.from + ", which therefore cannot be dropped");
  }
  for (const Constraint& c : schema.table(s.table)->constraints) {
    if (c.kind == ConstraintKind::Exclude && contains(c.columns, s.from)) {
      refuse("the exclusion constraint " + c.name + " cannot be built on the new column without blocking");
    }
  }
}

sql::ColumnMapping mapping(Stage stage, const Successor& s) {
  sql::ColumnMapping m;
  m.table = s.table;
  m.from = s.from;
  m.to = s.to;
  m.write_from = stage != Stage::NewOnly;
  m.write_to = true;
  m.read_to = stage != Stage::WriteBothReadOld;
  m.forward = s.forward;
  m.backward = s.backward;
  m.from_type = s.from_type;
  m.to_type = s.to_type;
  m.keep_output_name = !(s.renames && stage == Stage::NewOnly);
  return m;
}

std::string stage_note(Stage stage, const Successor& s) {
  switch (stage) {
    case Stage::WriteBothReadOld: return "writes " + s.from + " and " + s.to + ", reads " + s.from;
    case Stage::WriteBothReadNew: return "writes " + s.from + " and " + s.to + ", reads " + s.to;
    case Stage::NewOnly: break;
  }
  return "knows only " + s.to;
}

// int and integer are one type: the parser knows the one name PostgreSQL prints.
// Empty for anything but a type.
std::string printed_type(const std::string& spelling) {
  try {
    const Statement alter = sql::parse_one("ALTER TABLE t ALTER COLUMN c TYPE " + spelling);
    const auto* op = alter.operations.size() == 1 ? std::get_if<AlterColumnType>(&alter.operations.front()) : nullptr;
    return op && op->using_sql.empty() ? op->type : "";
  } catch (const Error&) {
    return "";
  }
}

// "amount::bigint" or "CAST(amount AS bigint)" says no more than the type does.
bool is_plain_cast(const std::string& pattern, const std::string& type) {
  constexpr std::string_view kShort = "{}::", kLong = "CAST({} AS ";
  if (pattern.empty() || pattern == "{}") return true;
  std::string spelling;
  if (pattern.starts_with(kShort)) spelling = pattern.substr(kShort.size());
  if (pattern.starts_with(kLong) && pattern.ends_with(")")) spelling = pattern.substr(kLong.size(), pattern.size() - kLong.size() - 1);
  return !spelling.empty() && printed_type(spelling) == type;
}

bool touches(const Statement& statement, const std::string& table) {
  return std::any_of(statement.accesses.begin(), statement.accesses.end(), [&](const Access& a) { return a.relation == table; });
}

}  // namespace

std::string Successor::forward_of_column() const {
  const std::string column = sql::identifier(from);
  return forward.empty() ? column : fill(forward, column);
}

Successor successor_of(const Change& change, const Schema& schema) {
  const Table* table = schema.table(change.table);
  const Column* column = table ? table->column(change.column) : nullptr;
  MIDFLIGHT_CHECK(column != nullptr);
  Successor s{change.table, change.column, change.to, column->type, column->type, "", "", true};
  if (change.kind == ChangeKind::RenameColumn) return s;
  s.to = column_beside(*table, change.column, change.type);
  s.to_type = change.type;
  const std::string pattern = replace_identifier(change.using_sql, change.column, "{}");
  const bool plain = is_plain_cast(pattern, change.type);
  s.forward = plain ? "CAST({} AS " + change.type + ")" : "(" + pattern + ")";
  // The inverse of somebody's USING expression is not ours to guess.
  s.backward = plain ? "CAST({} AS " + column->type + ")" : "";
  s.renames = false;
  return s;
}

void require_successor_possible(const Successor& s, const Schema& schema) {
  const Table* table = schema.table(s.table);
  MIDFLIGHT_CHECK(table && table->column(s.from));
  refuse_key(s, schema);
  refuse_values_of_the_server(s, *table->column(s.from));
  refuse_dependents(s, schema);
}

std::string_view stage_name(Stage stage) {
  switch (stage) {
    case Stage::WriteBothReadOld: return "v1.1";
    case Stage::WriteBothReadNew: return "v1.2";
    case Stage::NewOnly: break;
  }
  return "v2";
}

const Version* listed_version(const Scenario& scenario, std::string_view name) {
  for (const Version& version : scenario.app.versions) {
    if (version.name == name) return &version;
  }
  return nullptr;
}

const Version& first_version(const Scenario& scenario) {
  if (scenario.app.versions.empty()) throw Error(ErrorCode::BadInput, "app.versions: at least one version is needed");
  return scenario.app.versions.front();
}

Version version_of(Stage stage, const Successor& s, const Scenario& scenario) {
  if (const Version* listed = listed_version(scenario, stage_name(stage))) return *listed;
  if (!s.forward.empty() && s.backward.empty() && stage == Stage::WriteBothReadNew) {
    refuse("the USING expression has no known inverse, so v1.2 cannot be derived; list it under app.versions");
  }
  Version version = first_version(scenario);
  version.name = stage_name(stage);
  version.note = stage_note(stage, s);
  for (Endpoint& endpoint : version.endpoints) {
    for (Statement& statement : endpoint.statements) {
      if (touches(statement, s.table)) statement = sql::rewrite(statement, mapping(stage, s), scenario.schema);
    }
  }
  return version;
}

Version unchanged_v2(const Scenario& scenario) {
  if (const Version* listed = listed_version(scenario, "v2")) return *listed;
  Version version = first_version(scenario);
  version.name = "v2";
  version.note = "the same statements, built for the changed schema";
  return version;
}

}  // namespace midflight::strategy
