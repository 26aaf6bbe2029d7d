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
  bool identity_clause = false;   ///< of those: not serial
  bool generated = false;         ///< GENERATED ... AS (expression)
  bool computed_on_read = false;  ///< of a generated column: VIRTUAL, stored nowhere
  std::string collation = {};     ///< COLLATE, empty for the type's own
  bool operator==(const Column&) const = default;
};

/// NotNull: NOT NULL written as a constraint of its own, with a name or NOT
/// VALID; a plain NOT NULL is a property of its column.
enum class ConstraintKind : std::uint8_t { Check, Unique, PrimaryKey, ForeignKey, Exclude, NotNull };

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
  bool no_inherit = false;  ///< heirs of the table do not get it
  /// Of a foreign key: what happens to the other row writes here (CASCADE, SET NULL, SET DEFAULT).
  bool delete_writes = false, update_writes = false;
  /// The statement leaves the name to the server: this one, with a number where it is taken.
  bool made_up = false;
  std::string parts = {};  ///< EXCLUDE only: as of its index
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
  bool computed = false;    ///< has an expression or a condition (WHERE)
  std::string parent = {};  ///< of a partition's index: the index of the partitioned table it belongs to
  bool clustered = false;   ///< CLUSTER orders the table by it
  /// Its columns and expressions as the server's own names join them, "lower_email"; empty: those of `columns`.
  std::string parts = {};
  bool made_up = false;     ///< as of a constraint

  /// Its name as that of a relation: an index lies in the schema of its table.
  std::string relation() const;
  bool operator==(const Index&) const = default;
};

enum class TableKind : std::uint8_t { Ordinary, Partitioned, MaterializedView, Foreign };

/// Columns that a query reads of one relation.
struct Reading {
  std::string relation;
  std::vector<std::string> columns;
  bool all = false;  ///< SELECT *
  bool operator==(const Reading&) const = default;
};

struct Table {
  std::string name;
  std::vector<Column> columns;
  std::vector<Constraint> constraints;
  std::vector<Index> indexes;
  std::int64_t rows = 0;
  std::int64_t row_bytes = 100;
  TableKind kind = TableKind::Ordinary;
  bool unlogged = false, temporary = false;
  std::string of_type = {};               ///< CREATE TABLE ... OF: its row type
  std::string tablespace = {};            ///< empty: the database's own
  std::vector<std::string> parents = {};  ///< INHERITS, in order; of a partition: the one table it is part of
  std::string bound = {};                 ///< of a partition: "FOR VALUES IN (1)", "DEFAULT"; else empty
  /// DETACH CONCURRENTLY was broken off: no query of the parent sees it, and only FINALIZE makes it a table of its own.
  bool detach_pending = false;
  std::string partition_key = {};         ///< of a partitioned table: "RANGE (created_at)"
  std::vector<std::string> partition_columns = {};  ///< the columns its key reads
  std::vector<Reading> reads = {};        ///< of a materialized view: what its query reads
  std::string query = {};                 ///< of a materialized view: the SELECT behind it

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
  std::vector<Reading> reads = {};  ///< what the SELECT reads, of any view
  bool operator==(const View&) const = default;
};

struct Trigger {
  std::string name;
  std::string table;
  std::string function;
  bool for_each_row = false;  ///< partitions get one of their own then
  bool operator==(const Trigger&) const = default;
};

/// A type made of another one and conditions on its values.
struct Domain {
  std::string name, type;
  bool not_null = false;
  std::optional<std::string> default_sql = {};
  std::vector<Constraint> constraints = {};
  bool operator==(const Domain&) const = default;
};

struct Enum {
  std::string name;
  std::vector<std::string> labels;
  bool operator==(const Enum&) const = default;
};

/// A row type: CREATE TYPE ... AS (...).
struct Composite {
  std::string name;
  std::vector<Column> columns;
  bool operator==(const Composite&) const = default;
};

/// A sequence goes with the column that owns it; `owner_table` is empty for a free one.
struct Sequence {
  std::string name, owner_table, owner_column;
  bool operator==(const Sequence&) const = default;
};

/// CREATE STATISTICS over columns of one table.
struct Statistics {
  std::string name, table;
  bool operator==(const Statistics&) const = default;
};

/// Where an object lies: "audit" of "audit.log", "public" of "log".
std::string_view schema_of(std::string_view name);

/// What exists in the database at one moment.
struct Schema {
  std::vector<Table> tables;
  std::vector<View> views;
  std::vector<Trigger> triggers;
  std::vector<Domain> domains = {};
  std::vector<Enum> enums = {};
  std::vector<Composite> composites = {};
  std::vector<Sequence> sequences = {};
  std::vector<Statistics> statistics = {};
  std::vector<std::string> schemas = {"public"};  ///< the places for all of these, by name
  /// What tables may stand on and nobody here follows, as it is written, in order:
  /// CREATE EXTENSION, FUNCTION, AGGREGATE, OPERATOR, CAST, COLLATION, TYPE ... AS RANGE.
  std::vector<std::string> foundations = {};

  /// True for the server's own too (pg_catalog, pg_temp).
  bool has_schema(std::string_view name) const;
  const Table* table(std::string_view name) const;
  Table* table(std::string_view name);
  const View* view(std::string_view name) const;
  /// By its name alone or behind its schema.
  const Index* index(std::string_view name) const;
  const Domain* domain(std::string_view name) const;
  const Sequence* sequence(std::string_view name) const;
  /// Partitions or inheriting tables right below a table, in the order of creation.
  std::vector<std::string> children(std::string_view table) const;
  /// All tables below a table, each once, parents before children.
  std::vector<std::string> heirs(std::string_view table) const;
  /// Sequences that go with the table; with a column, only its own.
  std::vector<std::string> owned_sequences(std::string_view table, std::string_view column = {}) const;
  /// The table behind a relation's name: itself, or the one under a simple view.
  const Table* base_table(std::string_view relation) const;
  bool operator==(const Schema&) const = default;
};

}  // namespace midflight
