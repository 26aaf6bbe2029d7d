#include "backends/data/batches.h"

#include <algorithm>

#include "backends/data/words.h"
#include "sim/kernel/error.h"
#include "sim/model/sql_text.h"

namespace midflight::backends {
namespace {

constexpr std::int64_t kLastPage = 4'294'967'294;

constexpr std::int64_t kKeys = 1'000'000;  // as many are looked at of a table

/// `whole` times part / all.
std::int64_t share(std::int64_t part, std::int64_t all, std::int64_t whole) {
  return static_cast<std::int64_t>(static_cast<double>(whole) * static_cast<double>(part) / static_cast<double>(std::max<std::int64_t>(1, all)));
}

/// Keys of a table's rows, evenly chosen where there are many.
std::vector<std::int64_t> ordered(const ColumnFill& key, std::int64_t rows) {
  std::vector<std::int64_t> keys;
  const std::int64_t step = (rows + kKeys - 1) / kKeys;
  for (std::int64_t row = rows; row > 0; row -= step) {
    const Value value = key.value(row);
    if (const auto* number = std::get_if<std::int64_t>(&value)) keys.push_back(*number);
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

std::string page(std::int64_t number) { return "(" + std::to_string(number) + ",0)"; }

}  // namespace

Batches::Batches(const std::string& table, const Catalogue& catalogue, const Dialect& dialect) : filled_(catalogue.table_rows(table)) {
  const std::string name = sql_identifier(table);
  const Table* known = catalogue.initial().base_table(table);
  std::string column = "rowid";
  if (dialect.engine == Engine::Postgresql) {
    kind_ = Kind::Page;
    if (known != nullptr) choose_key(*known, catalogue);
    column = kind_ == Kind::Key ? sql_identifier(known->primary_key()[0]) : "ctid";
  }
  const std::string low = parameter(dialect, 1), high = parameter(dialect, 2);
  if (kind_ == Kind::Page) {
    condition_ = "ctid >= CAST(" + low + " AS tid) AND ctid < CAST(" + high + " AS tid)";
    extent_sql_ = "SELECT pg_relation_size(CAST('" + name + "' AS regclass)) / CAST(current_setting('block_size') AS bigint)";
  } else {
    condition_ = column + " > " + low + " AND " + column + " <= " + high;
    extent_sql_ = "SELECT coalesce(max(" + column + "), 0) FROM " + name;
  }
}

void Batches::choose_key(const Table& table, const Catalogue& catalogue) {
  const std::vector<std::string> columns = table.primary_key();
  const ColumnFill key = columns.size() == 1 ? catalogue.fill(table.name, columns[0]) : ColumnFill();
  if (key.counts_rows()) {
    kind_ = Kind::Key;
    shift_ = std::get<std::int64_t>(key.value(0));
  } else if (key.kind() == ValueKind::Integer && (key.known() || key.goes_by_partitions())) {
    kind_ = Kind::Key;
    keys_ = ordered(key, key.known() ? catalogue.rows(table.name) : filled_);
  }
  if (kind_ == Kind::Key || table.partition_key.empty()) return;
  throw Error(ErrorCode::NotSupported, "a backfill of " + table.name + " cannot be divided into batches: the table is partitioned and has no primary key of one integer column");
}

std::int64_t Batches::key_of(std::int64_t row) const {
  if (keys_.empty()) return row + shift_;
  if (row <= 0) return std::min<std::int64_t>(-1, keys_.front() - 1);
  const std::int64_t upto = share(std::min(row, filled_), filled_, static_cast<std::int64_t>(keys_.size()));
  return keys_[static_cast<std::size_t>(std::max<std::int64_t>(1, upto) - 1)];
}

Row Batches::bounds(std::int64_t first_row, std::int64_t rows, std::int64_t extent) const {
  const std::int64_t end = first_row + rows;
  const bool last = end >= filled_;
  if (kind_ == Kind::Page) return {page(share(first_row, filled_, extent)), page(last ? kLastPage : share(end, filled_, extent))};
  if (kind_ == Kind::Rowid) return {first_row, last ? std::max(extent, end) : end};
  return {key_of(first_row), last ? std::max(extent, key_of(end)) : key_of(end)};
}

}  // namespace midflight::backends
