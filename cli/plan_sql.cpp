#include "cli/plan_sql.h"

#include <fmt/core.h>

#include <algorithm>

#include "sim/sql/render.h"

namespace midflight::cli {

namespace {

std::string milliseconds(Duration d) { return fmt::format("{}ms", std::max<std::int64_t>(1, d.ns / 1'000'000)); }

std::string set_timeout(const char* name, const std::optional<Duration>& timeout, bool local) {
  return timeout ? fmt::format("SET {}{} = '{}';\n", local ? "LOCAL " : "", name, milliseconds(*timeout)) : "";
}

std::string rendered(const Statement& statement, Schema& schema, const Dialect& dialect) {
  std::string out;
  for (const std::string& sql : sql::render(statement, schema, dialect)) out += sql + ";\n";
  for (const Operation& operation : statement.operations) apply(operation, schema);
  return out;
}

std::string sql_file(const SqlStep& step, Schema& schema, const Dialect& dialect) {
  const bool postgres = dialect.engine == Engine::Postgresql;
  const bool alone = std::any_of(step.statements.begin(), step.statements.end(),
                                 [](const Statement& s) { return s.refuses_transaction; });
  std::string out = postgres ? "\\set ON_ERROR_STOP on\n" : ".bail on\n";
  if (!alone) out += postgres ? "BEGIN;\n" : "BEGIN IMMEDIATE;\n";
  if (postgres) out += set_timeout("lock_timeout", step.lock_timeout, !alone);
  if (postgres) out += set_timeout("statement_timeout", step.statement_timeout, !alone);
  for (const Statement& statement : step.statements) out += rendered(statement, schema, dialect);
  return alone ? out : out + "COMMIT;\n";
}

/// Where the WHERE of an UPDATE begins, outside parentheses and quotes.
std::size_t where_of(const std::string& sql) {
  std::string upper = sql;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  int depth = 0;
  char quote = 0;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    const char c = sql[i];
    if (quote != 0) quote = c == quote ? 0 : quote;
    else if (c == '\'' || c == '"') quote = c;
    else if (c == '(' || c == ')') depth += c == '(' ? 1 : -1;
    else if (depth == 0 && upper.compare(i, 5, "WHERE") == 0 && i > 0 && std::isspace(static_cast<unsigned char>(sql[i - 1])) != 0) return i;
  }
  return std::string::npos;
}

std::string with_range(const std::string& sql, const std::string& key) {
  const std::string range = fmt::format("(above IS NULL OR {0} > above) AND {0} <= upto", key);
  const std::size_t where = where_of(sql);
  if (where == std::string::npos) return fmt::format("{} WHERE {}", sql, range);
  return fmt::format("{}WHERE ({}) AND {}", sql.substr(0, where), sql.substr(where + 6), range);
}

const Table* table_of(const BackfillStep& step, const Schema& schema) {
  for (const Access& access : step.update.accesses) {
    if (!access.writes.empty()) return schema.base_table(access.relation);
  }
  return nullptr;
}

/// Batches by primary key, one transaction each.  COMMIT inside DO needs
/// PostgreSQL 11 and no transaction around it.
std::string batch_loop(const BackfillStep& step, const Table& table) {
  const std::string relation = sql::identifier(table.name), key = sql::identifier(table.primary_key().front());
  return fmt::format(
      "\\set ON_ERROR_STOP on\n{}DO $batches$\nDECLARE\n  above {}.{}%TYPE;\n  upto {}.{}%TYPE;\nBEGIN\n  LOOP\n"
      "    upto := (SELECT k FROM (SELECT {} AS k FROM {} WHERE above IS NULL OR {} > above ORDER BY k LIMIT {}) batch\n"
      "             ORDER BY k DESC LIMIT 1);\n    EXIT WHEN upto IS NULL;\n    {};\n    COMMIT;\n"
      "    above := upto;\n    PERFORM pg_sleep({});\n  END LOOP;\nEND\n$batches$;\n",
      set_timeout("lock_timeout", step.lock_timeout, false), relation, key, relation, key, key, relation, key, step.batch,
      with_range(step.update.sql, key), step.pause.seconds());
}

std::string backfill_file(const BackfillStep& step, Schema& schema, const Dialect& dialect) {
  const Table* table = table_of(step, schema);
  const bool loops = dialect.engine == Engine::Postgresql && table != nullptr && table->primary_key().size() == 1;
  if (loops) return batch_loop(step, *table);
  return fmt::format("-- To be run over ranges of {} rows, a transaction each, with pauses of {}.\n{}", step.batch,
                     duration_text(step.pause), rendered(step.update, schema, dialect));
}

std::string check_query(const CheckStep& check) {
  const std::string table = sql::identifier(check.table), column = sql::identifier(check.column);
  switch (check.kind) {
    case CheckStep::Kind::Filled: return fmt::format("SELECT NOT EXISTS (SELECT 1 FROM {} WHERE {} IS NULL)", table, column);
    case CheckStep::Kind::Equal:
      return fmt::format("SELECT NOT EXISTS (SELECT 1 FROM {} WHERE {} IS DISTINCT FROM {})", table, column,
                         sql::identifier(check.other_column));
    case CheckStep::Kind::Valid:
      return fmt::format("SELECT bool_and(convalidated) FROM pg_constraint WHERE conname = '{}'", check.constraint);
    case CheckStep::Kind::Sql: break;
  }
  return check.sql;
}

}  // namespace

std::optional<std::string> step_sql(const Step& step, Schema& schema, const Dialect& dialect) {
  if (const auto* sql = std::get_if<SqlStep>(&step.action)) return sql_file(*sql, schema, dialect);
  if (const auto* backfill = std::get_if<BackfillStep>(&step.action)) return backfill_file(*backfill, schema, dialect);
  if (const auto* check = std::get_if<CheckStep>(&step.action)) {
    return fmt::format("-- Must say true before the next step.\n{};\n", check_query(*check));
  }
  return std::nullopt;
}

}  // namespace midflight::cli
