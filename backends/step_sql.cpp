#include "backends/step_sql.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "backends/data/words.h"
#include "sim/model/sql_text.h"
#include "sim/sql/parse.h"
#include "sim/sql/render.h"

namespace midflight::backends {
namespace {

std::string none_where(const std::string& table, const std::string& condition) {
  return "SELECT NOT EXISTS (SELECT 1 FROM " + table + " WHERE " + condition + ")";
}

/// Of a constraint, or of an index of that name.
bool is_valid(const std::string& name, const Schema& schema) {
  for (const Table& table : schema.tables) {
    for (const Constraint& constraint : table.constraints) {
      if (constraint.name == name) return constraint.valid;
    }
  }
  const Index* index = schema.index(name);
  return index != nullptr && index->valid;
}

}  // namespace

std::string check_sql(const CheckStep& check, const Schema& schema, const Dialect& dialect) {
  const std::string table = check.table.empty() ? "" : sql::identifier(check.table);
  const std::string column = check.column.empty() ? "" : sql::identifier(check.column);
  switch (check.kind) {
    case CheckStep::Kind::Filled: return none_where(table, column + " IS NULL");
    case CheckStep::Kind::Equal: return none_where(table, differs(dialect, column, sql::identifier(check.other_column)));
    case CheckStep::Kind::Sql: return sql::render(sql::parse_one(check.sql), schema, dialect).front();
    case CheckStep::Kind::Valid: break;
  }
  return is_valid(check.constraint, schema) ? "1" : "0";
}

std::string disagreement_sql(const Statement& statement, const Schema& schema, const Catalogue& catalogue,
                             const Dialect& dialect) {
  for (const Operation& operation : statement.operations) {
    const auto* drop = std::get_if<DropColumn>(&operation);
    const Table* table = drop != nullptr ? schema.table(drop->table) : nullptr;
    if (table == nullptr) continue;
    for (const MovedColumn& moved : catalogue.moved()) {
      if (moved.table != drop->table || moved.from != drop->column || table->column(moved.to) == nullptr) continue;
      return "SELECT count(*) FROM " + sql::identifier(table->name) + " WHERE " +
             differs(dialect, sql::identifier(moved.from), sql::identifier(moved.to));
    }
  }
  return {};
}

namespace {

/// A DO block, wherever the word stands in it: to run alone does no harm to one that does not.
bool ends_transactions(const std::string& sql) {
  const auto same = [](char a, char b) { return std::toupper(static_cast<unsigned char>(a)) == b; };
  const auto says = [&](std::string_view word) { return std::search(sql.begin(), sql.end(), word.begin(), word.end(), same) != sql.end(); };
  return says("COMMIT") || says("ROLLBACK");
}

}  // namespace

bool runs_alone(const Statement& statement) {
  if (statement.refuses_transaction) return true;
  const std::vector<SqlToken> tokens = sql_tokens(statement.sql);
  return !tokens.empty() && is_word(tokens.front(), "do") && ends_transactions(statement.sql);
}

LockMode strongest_mode(const Statement& statement) {
  if (statement.accesses.empty()) {
    return statement.kind == StatementKind::Ddl ? LockMode::AccessExclusiveLock : LockMode::AccessShareLock;
  }
  const auto by_mode = [](const Access& a, const Access& b) { return a.mode < b.mode; };
  return std::max_element(statement.accesses.begin(), statement.accesses.end(), by_mode)->mode;
}

}  // namespace midflight::backends
