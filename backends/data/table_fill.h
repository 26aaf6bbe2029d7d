#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "backends/data/fill_values.h"
#include "backends/data/partition_rows.h"
#include "sim/model/schema.h"

namespace midflight::backends {

/// The columns of a table that generated rows set.
class TableFill {
 public:
  explicit TableFill(std::vector<ColumnFill> columns) : columns_(std::move(columns)) {}
  const std::vector<ColumnFill>& columns() const { return columns_; }
  const ColumnFill* column(std::string_view name) const;

 private:
  std::vector<ColumnFill> columns_;
};

/// The rows of every table of a schema.
///
/// Rows of tables that refer to others name rows of theirs; those of a
/// partition are some of the whole table's; where a key of several columns needs
/// it, they count like the digits of a number, so that no two rows agree.
class SchemaFill {
 public:
  explicit SchemaFill(const Schema& schema);

  /// Null for a table that the schema has not.
  const TableFill* table(const std::string& name) const;
  const PartitionRows& partitions() const { return partitions_; }
  /// Why a unique column cannot have so many rows; empty where it can.
  std::string refusal(const Table& table, std::int64_t rows) const;

 private:
  class Maker;
  PartitionRows partitions_;
  std::map<std::string, TableFill> fills_;
};

}  // namespace midflight::backends
