#include <fmt/format.h>

#include "sim/model/sql_text.h"
#include "sim/sql/sqlite_text.h"
#include "sim/sql/tree.h"

namespace midflight::sql {
namespace {

/// Array types have no counterpart; their text is stored as it is.
std::string column_type(const std::string& type) { return type.ends_with("[]") ? "text" : type; }

/// SQLite numbers one kind of column by itself: an INTEGER PRIMARY KEY.
bool numbers_itself(const Table& table, const Column& column) {
  const std::vector<std::string> key = table.primary_key();
  return column.identity && key.size() == 1 && key[0] == column.name;
}

void require_key(const Table& table, const Column& column) {
  if (!column.identity || numbers_itself(table, column)) return;
  throw Error(ErrorCode::NotSupported,
              fmt::format("SQLite numbers rows only in a single-column primary key, not in {}.{}", table.name, column.name));
}

std::string key_text(const Constraint& constraint) {
  switch (constraint.kind) {
    case ConstraintKind::PrimaryKey: return fmt::format("PRIMARY KEY ({})", sqlite_names(constraint.columns));
    case ConstraintKind::Unique: return fmt::format("UNIQUE ({})", sqlite_names(constraint.columns));
    case ConstraintKind::Check: return fmt::format("CHECK ({})", sqlite_expression(constraint.expression));
    case ConstraintKind::NotNull: return fmt::format("CHECK ({} IS NOT NULL)", sqlite_name(constraint.columns.front()));
    case ConstraintKind::Exclude: break;
    case ConstraintKind::ForeignKey: {
      const std::string columns = sqlite_names(constraint.referenced_columns);
      return fmt::format("FOREIGN KEY ({}) REFERENCES {}{}", sqlite_names(constraint.columns),
                         sqlite_name(constraint.referenced_table), columns.empty() ? "" : " (" + columns + ")");
    }
  }
  throw Error(ErrorCode::NotSupported, "SQLite has no EXCLUDE constraints: " + constraint.name);
}

std::string elements(const PgQuery__IndexStmt& index) {
  std::string out;
  for (std::size_t i = 0; i < index.n_index_params; ++i) {
    const PgQuery__IndexElem& element = *index.index_params[i]->index_elem;
    const bool named = element.name != nullptr && *element.name != '\0';
    out.append(out.empty() ? "" : ", ");
    out.append(named ? sqlite_name(element.name) : sqlite_expression(expression_text(element.expr)));
    if (element.ordering == PG_QUERY__SORT_BY_DIR__SORTBY_DESC) out.append(" DESC");
  }
  return out;
}

void require_ordered(const PgQuery__IndexStmt& index) {
  const std::string method = index.access_method != nullptr ? index.access_method : "";
  if (method.empty() || method == "btree" || method == "hash") return;
  throw Error(ErrorCode::NotSupported, fmt::format("SQLite has no {} indexes: {}", method, index.idxname));
}

}  // namespace

std::string sqlite_column(const Column& column) {
  std::string out = sqlite_name(column.name) + " " + column_type(column.type);
  if (column.not_null) out += " NOT NULL";
  if (column.default_sql && !column.identity) {
    const std::string value = sqlite_expression(*column.default_sql);
    out += column.generated ? fmt::format(" GENERATED ALWAYS AS ({}) STORED", value) : fmt::format(" DEFAULT ({})", value);
  }
  return out;
}

std::string sqlite_table(const Table& table, const std::string& name, bool if_not_exists) {
  std::string parts;
  bool key_done = false;
  for (const Column& column : table.columns) {
    require_key(table, column);
    const bool own_key = numbers_itself(table, column);
    key_done = key_done || own_key;
    parts.append(parts.empty() ? "" : ", ");
    parts.append(own_key ? sqlite_name(column.name) + " INTEGER PRIMARY KEY" : sqlite_column(column));
  }
  for (const Constraint& constraint : table.constraints) {
    if (constraint.kind == ConstraintKind::PrimaryKey && key_done) continue;
    parts += fmt::format(", CONSTRAINT {} {}", sqlite_name(constraint.name), key_text(constraint));
  }
  return fmt::format("CREATE TABLE {}{} ({})", if_not_exists ? "IF NOT EXISTS " : "", sqlite_name(name), parts);
}

std::string sqlite_index(const Index& index, bool if_not_exists) {
  std::string columns = sqlite_names(index.columns);
  std::string condition;
  if (!index.sql.empty()) {
    const Tree tree(index.sql, Position{});
    const PgQuery__IndexStmt& create = *tree.statement(0)->index_stmt;
    require_ordered(create);
    columns = elements(create);
    if (create.where_clause != nullptr) condition = " WHERE " + sqlite_expression(expression_text(create.where_clause));
  }
  return fmt::format("CREATE {}INDEX {}{} ON {} ({}){}", index.unique ? "UNIQUE " : "",
                     if_not_exists ? "IF NOT EXISTS " : "", sqlite_name(index.name), sqlite_name(index.table), columns,
                     condition);
}

}  // namespace midflight::sql
