#include "backends/postgres/fill.h"

#include <algorithm>

#include "backends/data/table_fill.h"
#include "backends/postgres/create_schema.h"
#include "backends/postgres/errors.h"
#include "backends/postgres/values.h"
#include "sim/kernel/error.h"
#include "sim/sql/render.h"

namespace midflight::backends {
namespace {

constexpr std::size_t kChunkBytes = 256 * 1024;

std::string copy_sql(const Table& table, const TableFill& fill) {
  std::string columns;
  for (const ColumnFill& column : fill.columns()) columns += (columns.empty() ? "" : ", ") + sql::identifier(column.name());
  return "COPY " + sql::identifier(table.name) + " (" + columns + ") FROM STDIN";
}

[[noreturn]] void refuse(const Table& table, const std::string& why) {
  throw Error(ErrorCode::Database, "cannot fill table " + table.name + " with generated rows: " + why);
}

void check_filled(const WireReply& reply, const Table& table) {
  if (reply.ok()) return;
  postgres_error(reply.sqlstate, reply.message, ErrorClass::None, "");
  refuse(table, reply.message);
}

void fill_table(Wire& wire, const Table& table, const TableFill& fill, std::int64_t rows) {
  if (rows == 0 || fill.columns().empty()) return;
  check_filled(wire.begin_copy(copy_sql(table, fill)), table);
  std::string lines;
  for (std::int64_t row = 1; row <= rows; ++row) {
    for (std::size_t c = 0; c < fill.columns().size(); ++c) {
      if (c > 0) lines += '\t';
      append_copy_field(lines, fill.columns()[c].value(row));
    }
    lines += '\n';
    if (lines.size() < kChunkBytes && row < rows) continue;
    if (!wire.copy(lines)) break;
    lines.clear();
  }
  check_filled(wire.end_copy(), table);
}

/// A table that gets rows of its own, and how many.
struct Target {
  const Table* table;
  std::int64_t rows;
};

void add_partitions(const Table& root, const Schema& schema, const SchemaFill& fills, std::vector<Target>& targets) {
  const std::int64_t rows = filled_rows(root, fills.partitions());
  const std::vector<PartitionSlice>& slices = fills.partitions().slices(root.name);
  if (root.rows > 0 && rows == 0) refuse(root, slices.empty() ? "it is partitioned and has no partition" : slices.front().refused);
  for (const PartitionSlice& slice : slices) {
    const Table* table = schema.table(slice.table);
    if (slice.rows > 0 && !slice.refused.empty()) refuse(*table, slice.refused);
    targets.push_back({table, slice.rows});
  }
}

/// Errors: before any row is written, where some of them cannot be made.
std::vector<Target> targets_of(const Schema& schema, const SchemaFill& fills) {
  std::vector<Target> targets;
  for (const Table& table : schema.tables) {
    if (table.kind == TableKind::MaterializedView || table.kind == TableKind::Foreign) continue;
    const PartitionShare* share = fills.partitions().share(table.name);
    if (share != nullptr && share->root == table.name) add_partitions(table, schema, fills, targets);
    if (share == nullptr && table.partition_key.empty()) targets.push_back({&table, table.rows});
    const std::string why = fills.refusal(table, filled_rows(table, fills.partitions()));
    if (!why.empty()) refuse(table, why);
  }
  return targets;
}

// Generated rows brought their own numbers; the next insert goes on behind them.
void set_sequences(Wire& wire, const Table& table, std::int64_t rows) {
  for (const Column& column : table.columns) {
    if (!column.identity || rows == 0 || table.kind == TableKind::Foreign) continue;
    const std::string name = sql::identifier(column.name);
    const std::string of = sql::identifier(table.name);
    const WireReply reply = wire.run("SELECT setval(pg_get_serial_sequence($1, $2), (SELECT max(" + name + ") FROM " + of + "))",
                                     {of, column.name}, {});
    if (!reply.ok()) throw Error(ErrorCode::Database, "PostgreSQL: " + reply.message + " (sequence of " + of + "." + name + ")");
  }
}

}  // namespace

void create_and_fill(Wire& wire, const Schema& schema, const Schema& values, const std::function<void(const std::string&)>& note) {
  const SchemaFill fills(values);
  const std::vector<Target> targets = targets_of(schema, fills);
  SchemaCreation creation(wire, schema, note);
  creation.make_tables();
  for (const Target& target : targets) fill_table(wire, *target.table, *fills.table(target.table->name), target.rows);
  creation.make_the_rest();
  for (const Table& table : schema.tables) set_sequences(wire, table, filled_rows(table, fills.partitions()));
  creation.execute("VACUUM (ANALYZE)");
  // Or the pages just filled would be written while requests are measured.  Not everybody may.
  wire.run("CHECKPOINT", {}, {});
}

}  // namespace midflight::backends
