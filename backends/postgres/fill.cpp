#include "backends/postgres/fill.h"

#include <algorithm>

#include "backends/data/fill_values.h"
#include "backends/postgres/errors.h"
#include "backends/postgres/values.h"
#include "sim/kernel/error.h"
#include "sim/sql/render.h"

namespace midflight::backends {
namespace {

constexpr std::size_t kChunkBytes = 256 * 1024;

bool comes_before_rows(const std::string& sql) { return sql.starts_with("CREATE TABLE") || sql.starts_with("CREATE SCHEMA"); }

void execute(Wire& wire, const std::string& sql) {
  const WireReply reply = wire.run(sql, {}, {});
  if (reply.ok()) return;
  postgres_error(reply.sqlstate, reply.message, ErrorClass::None, sql);  // throws by itself where nothing else helps
  throw Error(ErrorCode::Database, "PostgreSQL: " + reply.message + " (in `" + sql.substr(0, 200) + "`)");
}

std::string copy_sql(const Table& table, const TableFill& fill) {
  std::string columns;
  for (const ColumnFill& column : fill.columns()) columns += (columns.empty() ? "" : ", ") + sql::identifier(column.name());
  return "COPY " + sql::identifier(table.name) + " (" + columns + ") FROM STDIN";
}

void check_filled(const WireReply& reply, const Table& table) {
  if (reply.ok()) return;
  postgres_error(reply.sqlstate, reply.message, ErrorClass::None, "");
  throw Error(ErrorCode::Database, "cannot fill table " + table.name + " with generated rows: " + reply.message);
}

void fill_table(Wire& wire, const Table& table, const Schema& schema) {
  const TableFill fill(table, schema);
  if (table.rows == 0 || fill.columns().empty()) return;
  check_filled(wire.begin_copy(copy_sql(table, fill)), table);
  std::string lines;
  for (std::int64_t row = 1; row <= table.rows; ++row) {
    for (std::size_t c = 0; c < fill.columns().size(); ++c) {
      if (c > 0) lines += '\t';
      append_copy_field(lines, fill.columns()[c].value(row));
    }
    lines += '\n';
    if (lines.size() < kChunkBytes && row < table.rows) continue;
    if (!wire.copy(lines)) break;
    lines.clear();
  }
  check_filled(wire.end_copy(), table);
}

// Generated rows brought their own numbers; the next insert goes on behind them.
void set_sequences(Wire& wire, const Table& table) {
  for (const Column& column : table.columns) {
    if (!column.identity || table.rows == 0) continue;
    const std::string name = sql::identifier(column.name);
    const std::string of = sql::identifier(table.name);
    const WireReply reply = wire.run("SELECT setval(pg_get_serial_sequence($1, $2), (SELECT max(" + name + ") FROM " + of + "))",
                                     {of, column.name}, {});
    if (!reply.ok()) throw Error(ErrorCode::Database, "PostgreSQL: " + reply.message + " (sequence of " + of + "." + name + ")");
  }
}

}  // namespace

void create_and_fill(Wire& wire, const Schema& schema, const Dialect& dialect) {
  const std::vector<std::string> creation = sql::render_schema(schema, dialect);
  for (const std::string& sql : creation) {
    if (comes_before_rows(sql)) execute(wire, sql);
  }
  for (const Table& table : schema.tables) fill_table(wire, table, schema);
  for (const std::string& sql : creation) {
    if (!comes_before_rows(sql)) execute(wire, sql);
  }
  for (const Table& table : schema.tables) set_sequences(wire, table);
  execute(wire, "VACUUM (ANALYZE)");
  // Or the pages just filled would be written while requests are measured.  Not everybody may.
  wire.run("CHECKPOINT", {}, {});
}

}  // namespace midflight::backends
