#include "verbs/plan_sql.h"

#include <fmt/core.h>

#include <algorithm>

#include "verbs/comment.h"
#include "verbs/plan_instructions.h"
#include "sim/sql/render.h"

namespace midflight::verbs {

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
  const bool alone = runs_alone(step);
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

/// The key columns of a table as lists: "a, b" of the table, "above_1, above_2" of the loop.
struct BatchKey {
  std::string columns, descending, above, upto, declared;
};

BatchKey key_of(const Table& table) {
  const std::vector<std::string> names = table.primary_key();
  BatchKey key;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string comma = i == 0 ? "" : ", ", number = names.size() == 1 ? "" : fmt::format("_{}", i + 1);
    const std::string column = sql::identifier(names[i]);
    key.columns += comma + column;
    key.descending += fmt::format("{}{} DESC", comma, column);
    key.above += fmt::format("{}above{}", comma, number);
    key.upto += fmt::format("{}upto{}", comma, number);
    key.declared += fmt::format("  above{0} {1}.{2}%TYPE;\n  upto{0} {1}.{2}%TYPE;\n", number, sql::identifier(table.name), column);
  }
  return key;
}

/// Written so that the planner, which knows the values, is left with a range of the key's index.
std::string not_yet_done(const BatchKey& key) {
  const std::string first = key.above.substr(0, key.above.find(','));
  return fmt::format("({} IS NULL OR ({}) > ({}))", first, key.columns, key.above);
}

std::string with_range(const std::string& sql, const BatchKey& key) {
  const std::string range = fmt::format("{} AND ({}) <= ({})", not_yet_done(key), key.columns, key.upto);
  const std::size_t where = where_of(sql);
  if (where == std::string::npos) return fmt::format("{} WHERE {}", sql, range);
  return fmt::format("{}WHERE ({}) AND {}", sql.substr(0, where), sql.substr(where + 6), range);
}

/// Batches by primary key, one transaction each.  COMMIT inside DO needs
/// PostgreSQL 11 and no transaction around it.
std::string batch_loop(const BackfillStep& step, const Table& table) {
  const BatchKey key = key_of(table);
  return fmt::format(
      "\\set ON_ERROR_STOP on\n{}DO $batches$\nDECLARE\n{}BEGIN\n  LOOP\n"
      "    SELECT {} INTO {} FROM (\n      SELECT {} FROM {} WHERE {}\n      ORDER BY {} LIMIT {}) batch\n"
      "    ORDER BY {} LIMIT 1;\n    EXIT WHEN NOT FOUND;\n    {};\n    COMMIT;\n"
      "    SELECT {} INTO {};\n    PERFORM pg_sleep({});\n  END LOOP;\nEND\n$batches$;\n",
      set_timeout("lock_timeout", step.lock_timeout, false), key.declared, key.columns, key.upto, key.columns,
      sql::identifier(table.name), not_yet_done(key), key.columns, step.batch, key.descending,
      with_range(step.update.sql, key), key.upto, key.above, step.pause.seconds());
}

std::string backfill_file(const BackfillStep& step, Schema& schema, const Dialect& dialect) {
  if (const Table* table = batched_table(step, schema, dialect)) return batch_loop(step, *table);
  const std::string how = fmt::format("To be run over ranges of {} rows, a transaction each, with pauses of {}.", step.batch, duration_text(step.pause));
  return comment(how, "-- ") + rendered(step.update, schema, dialect);
}

std::string literal(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string(2, c) : std::string(1, c);
  return out + "'";
}

std::string check_query(const CheckStep& check) {
  const std::string table = sql::identifier(check.table), column = sql::identifier(check.column);
  switch (check.kind) {
    case CheckStep::Kind::Filled: return fmt::format("SELECT NOT EXISTS (SELECT 1 FROM {} WHERE {} IS NULL)", table, column);
    case CheckStep::Kind::Equal:
      return fmt::format("SELECT NOT EXISTS (SELECT 1 FROM {} WHERE {} IS DISTINCT FROM {})", table, column,
                         sql::identifier(check.other_column));
    case CheckStep::Kind::Valid:
      return fmt::format("SELECT coalesce(bool_and(valid), false) FROM (\n"
                         "  SELECT convalidated AS valid FROM pg_constraint WHERE conname = {0}\n  UNION ALL\n"
                         "  SELECT indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relname = {0}) named",
                         literal(check.constraint));
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

}  // namespace midflight::verbs
