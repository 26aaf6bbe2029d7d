#include "backends/sqlite/fill.h"

#include "backends/data/table_fill.h"
#include "sim/kernel/error.h"
#include "sim/sql/render.h"

namespace midflight::backends {
namespace {

bool creates_table(const std::string& sql) { return sql.rfind("CREATE TABLE", 0) == 0; }

std::string insert_sql(const Table& table, const TableFill& fill) {
  std::string columns, values;
  for (const ColumnFill& column : fill.columns()) {
    columns += (columns.empty() ? "" : ", ") + sql::identifier(column.name());
    values += (values.empty() ? "?" : ", ?");
  }
  return "INSERT INTO " + sql::identifier(table.name) + " (" + columns + ") VALUES (" + values + ")";
}

void fill_table(Connection& connection, const Table& table, const TableFill& fill) {
  if (table.rows == 0 || fill.columns().empty()) return;
  const std::string insert = insert_sql(table, fill);
  Row row(fill.columns().size());
  for (std::int64_t r = 1; r <= table.rows; ++r) {
    for (std::size_t c = 0; c < row.size(); ++c) row[c] = fill.columns()[c].value(r);
    const Answer answer = connection.run(insert, row, {});
    if (answer.ok()) continue;
    throw Error(ErrorCode::Database, "cannot fill table " + table.name + " with generated rows: " + answer.error.message);
  }
}

}  // namespace

void create_and_fill(Connection& connection, const Schema& schema, const Schema& values, const Dialect& dialect) {
  connection.execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE");
  const std::vector<std::string> creation = sql::render_schema(schema, dialect);
  connection.execute("BEGIN");
  for (const std::string& sql : creation) {
    if (creates_table(sql)) connection.execute(sql);
  }
  const SchemaFill fills(values);
  for (const Table& table : schema.tables) fill_table(connection, table, *fills.table(table.name));
  for (const std::string& sql : creation) {
    if (!creates_table(sql)) connection.execute(sql);
  }
  connection.execute("COMMIT; PRAGMA locking_mode=NORMAL; PRAGMA synchronous=NORMAL");
}

}  // namespace midflight::backends
