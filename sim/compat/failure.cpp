#include <algorithm>

#include "sim/compat/casts.h"
#include "sim/compat/compat.h"
#include "sim/compat/messages.h"
#include "sim/compat/relation_shape.h"
#include "sim/model/sql_text.h"
#include "sim/sql/qualifier.h"

namespace midflight::compat {
namespace {

using Failure = std::optional<ErrorKind>;

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool has_upsert(const Statement& statement) {
  const std::vector<SqlToken> tokens = sql_tokens(statement.sql);
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    if (is_word(tokens[i - 1], "on") && is_word(tokens[i], "conflict")) return true;
  }
  return false;
}

/// One access of one statement against the relation it names.
class Judge {
 public:
  Judge(const Statement& statement, const Access& access, const RelationShape& shape, const Schema& schema, Engine engine)
      : statement_(statement), access_(access), shape_(shape), schema_(schema), say_{engine} {}

  Failure failure() const {
    const bool insert = writes() && statement_.kind == StatementKind::Insert;
    // An INSERT finds its target columns first, every other statement last.
    if (insert) {
      if (Failure found = missing_target(true)) return found;
    }
    if (Failure found = missing_read()) return found;
    if (writes() && !insert) {
      if (Failure found = missing_target(false)) return found;
    }
    if (Failure found = view_refuses(insert ? "insert into" : verb())) return found;
    return insert ? missing_value() : std::nullopt;
  }

 private:
  bool writes() const { return access_.mode == LockMode::RowExclusiveLock; }
  std::string verb() const { return statement_.kind == StatementKind::Delete ? "delete from" : "update"; }

  Failure missing_read() const {
    if (!shape_.followed()) return std::nullopt;
    for (const std::string& column : access_.reads) {
      if (shape_.column(column) != nullptr) continue;
      return say_.no_column(column, sql::qualifier_of(statement_.sql, access_.relation, column));
    }
    return std::nullopt;
  }

  Failure missing_target(bool insert) const {
    if (!shape_.followed()) return std::nullopt;
    for (const std::string& column : access_.writes) {
      if (shape_.column(column) == nullptr) return say_.no_target_column(access_.relation, column, insert);
    }
    return std::nullopt;
  }

  bool has_trigger() const {
    return std::any_of(schema_.triggers.begin(), schema_.triggers.end(),
                       [&](const Trigger& t) { return t.table == access_.relation; });
  }

  Failure view_refuses(const std::string& what) const {
    if (shape_.view == nullptr || !writes() || has_trigger()) return std::nullopt;
    if (!shape_.followed()) return say_.view_not_writable(access_.relation, what);
    if (say_.engine == Engine::Sqlite)
      return has_upsert(statement_) ? Failure(say_.upsert_on_view()) : std::nullopt;
    std::vector<std::string> written;
    for (const std::string& column : access_.writes) {
      const std::string base = shape_.base_column(column);
      if (base.empty()) return say_.view_column_not_writable(access_.relation, column, what);
      if (contains(written, base)) return say_.assigned_twice(base);
      written.push_back(base);
    }
    return std::nullopt;
  }

  bool is_given(const Column& column) const {
    if (column.default_sql || column.identity || column.generated) return true;
    return std::any_of(access_.writes.begin(), access_.writes.end(),
                       [&](const std::string& name) { return shape_.base_column(name) == column.name; });
  }

  /// SQLite fills an INTEGER PRIMARY KEY by itself.
  bool fills_itself(const Column& column) const {
    const std::vector<std::string> key = shape_.base->primary_key();
    return say_.engine == Engine::Sqlite && key.size() == 1 && key[0] == column.name &&
           (column.type == "integer" || column.type == "bigint") && column.identity;
  }

  Failure missing_value() const {
    if (!shape_.followed() || access_.writes.empty() || has_trigger()) return std::nullopt;
    for (const Column& column : shape_.base->columns) {
      if (column.not_null && !is_given(column) && !fills_itself(column))
        return say_.null_value(shape_.base->name, column.name);
    }
    for (const Constraint& constraint : shape_.base->constraints) {
      const Column* proved = shape_.base->column(constraint.proves_not_null);
      if (proved != nullptr && !is_given(*proved)) return say_.check_fails(shape_.base->name, constraint.name);
    }
    return std::nullopt;
  }

  const Statement& statement_;
  const Access& access_;
  const RelationShape& shape_;
  const Schema& schema_;
  Messages say_;
};

}  // namespace

std::optional<ErrorKind> failure(const Statement& statement, const Schema& schema, const Dialect& dialect) {
  if (statement.kind == StatementKind::Ddl)
    return dialect.engine == Engine::Postgresql ? missing_cast(statement, schema) : std::nullopt;
  for (const Access& access : resolved_accesses(statement, schema)) {
    if (is_catalog(access.relation)) continue;
    const std::optional<RelationShape> shape = relation_shape(schema, access.relation);
    if (!shape) return Messages{dialect.engine}.no_relation(access.relation);
    if (Failure found = Judge(statement, access, *shape, schema, dialect.engine).failure()) return found;
  }
  return std::nullopt;
}

}  // namespace midflight::compat
