#include "backends/data/batches.h"

#include <algorithm>

#include "backends/data/words.h"
#include "sim/model/sql_text.h"

namespace midflight::backends {
namespace {

constexpr std::int64_t kLastPage = 4'294'967'294;

std::string page(std::int64_t number) { return "(" + std::to_string(number) + ",0)"; }

}  // namespace

Batches::Batches(const std::string& table, const Catalogue& catalogue, const Dialect& dialect) : filled_(catalogue.table_rows(table)) {
  const std::string name = sql_identifier(table);
  const Table* known = catalogue.initial().base_table(table);
  const std::vector<std::string> key = known != nullptr ? known->primary_key() : std::vector<std::string>{};
  std::string column = "rowid";
  if (dialect.engine == Engine::Postgresql) {
    if (key.size() == 1) key_ = catalogue.fill(table, key[0]);
    kind_ = key.size() == 1 && key_.counts_rows() ? Kind::Key : Kind::Page;
    column = kind_ == Kind::Key ? sql_identifier(key[0]) : "ctid";
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

Row Batches::bounds(std::int64_t first_row, std::int64_t rows, std::int64_t extent) const {
  const std::int64_t end = first_row + rows;
  const bool last = end >= filled_;
  if (kind_ == Kind::Page) {
    const auto pages = [&](std::int64_t row) { return static_cast<std::int64_t>(static_cast<double>(extent) * static_cast<double>(row) / static_cast<double>(std::max<std::int64_t>(1, filled_))); };
    return {page(pages(first_row)), page(last ? kLastPage : pages(end))};
  }
  const std::int64_t shift = kind_ == Kind::Key ? std::get<std::int64_t>(key_.value(0)) : 0;
  return {first_row + shift, last ? std::max(extent, end + shift) : end + shift};
}

}  // namespace midflight::backends
