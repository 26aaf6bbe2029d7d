#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace midflight {

/// Names of relations are as SQL gives them after folding, without "public.";
/// any other schema stays in front ("audit.log").

struct Column {
  std::string name;
  std::string type;  ///< as PostgreSQL prints it: "character varying(50)", "bigint"
  bool not_null = false;
  std::optional<std::string> default_sql;
  bool identity = false;          ///< serial or GENERATED ... AS IDENTITY
  bool generated = false;         ///< GENERATED ... AS (expression) STORED
  bool operator==(const Column&) const = default;
};

enum class ConstraintKind : std::uint8_t { Check, Unique, PrimaryKey, ForeignKey, Exclude };

struct Constraint {
  std::string name;
  ConstraintKind kind = ConstraintKind::Check;
  std::vector<std::string> columns;  ///< for a CHECK: the columns its expression reads
  std::string expression;            ///< CHECK only, SQL
  std::string referenced_table;      ///< foreign key only
  std::vector<std::string> referenced_columns;
  bool valid = true;
  /// The column a CHECK (c IS NOT NULL) proves non-null, else empty.
  std::string proves_not_null;
  bool operator==(const Constraint&) const = default;
};

struct Index {
  std::string name;
  std::string table;
  std::vector<std::string> columns;  ///< of an expression: the columns it reads
  bool unique = false;
  bool valid = true;
  bool constraint = false;  ///< backs a PRIMARY KEY, UNIQUE or EXCLUDE constraint
  std::string sql;          ///< the CREATE INDEX it came from, empty if implied
  bool operator==(const Index&) const = default;
};

struct Table {
  std::string name;
  std::vector<Column> columns;
  std::vector<Constraint> constraints;
  std::vector<Index> indexes;
  std::int64_t rows = 0;
  std::int64_t row_bytes = 100;

  const Column* column(std::string_view name) const;
  Column* column(std::string_view name);
  /// The columns of the primary key; empty without one.
  std::vector<std::string> primary_key() const;
  bool operator==(const Table&) const = default;
};

/// A view over one table.  `table` is empty for any other view, which then
/// takes no writes and whose columns are not followed.
struct View {
  struct Output {
    std::string name;
    std::string column;  ///< of the table; empty for an expression
    bool operator==(const Output&) const = default;
  };
  std::string name;
  std::string table;
  std::vector<Output> outputs;
  std::string sql;  ///< the SELECT behind it
  bool operator==(const View&) const = default;
};

struct Trigger {
  std::string name;
  std::string table;
  std::string function;
  bool operator==(const Trigger&) const = default;
};

/// What exists in the database at one moment.
struct Schema {
  std::vector<Table> tables;
  std::vector<View> views;
  std::vector<Trigger> triggers;

  const Table* table(std::string_view name) const;
  Table* table(std::string_view name);
  const View* view(std::string_view name) const;
  const Index* index(std::string_view name) const;
  /// The table behind a relation's name: itself, or the one under a simple view.
  const Table* base_table(std::string_view relation) const;
  bool operator==(const Schema&) const = default;
};

}  // namespace midflight
