#include "backends/data/removals.h"

#include <algorithm>

#include "sim/model/sql_text.h"

namespace midflight::backends {
namespace {

/// What one operation of DDL takes rows from.
struct TablesOf {
  std::vector<std::string> operator()(const Truncate& o) const { return o.tables; }
  std::vector<std::string> operator()(const DropTable& o) const { return {o.table}; }
  std::vector<std::string> operator()(const DetachPartition& o) const { return {o.table}; }
  std::vector<std::string> operator()(const ChangeInheritance& o) const { return {o.table}; }
  template <typename Other>
  std::vector<std::string> operator()(const Other&) const {
    return {};
  }
};

/// The names, without their schemas, of functions that the schema file makes and nobody here follows.
std::set<std::string> functions_of(const Schema& schema) {
  std::set<std::string> names;
  for (const std::string& text : schema.foundations) {
    const std::vector<SqlToken> tokens = sql_tokens(text);
    std::size_t open = 0;
    while (open < tokens.size() && tokens[open].text != "(") ++open;
    const bool function = std::any_of(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(open), [](const SqlToken& t) { return is_word(t, "function"); });
    if (function && open > 0 && open < tokens.size()) names.insert(token_name(tokens[open - 1]));
  }
  return names;
}

bool may_do_anything(const Statement& statement, const std::set<std::string>& functions) {
  const std::vector<SqlToken> tokens = sql_tokens(statement.sql);
  if (!tokens.empty() && (is_word(tokens.front(), "do") || is_word(tokens.front(), "call"))) return true;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    if (tokens[i].text == "(" && functions.contains(token_name(tokens[i - 1]))) return true;
  }
  return false;
}

class Losing {
 public:
  explicit Losing(const Schema& schema) : schema_(schema), functions_(functions_of(schema)) {}

  void add(const Statement& statement) {
    for (const Access& access : statement.accesses) {
      const Table* table = schema_.base_table(access.relation);
      const std::vector<std::string> key = table != nullptr ? table->primary_key() : std::vector<std::string>{};
      const bool other_key = std::any_of(access.writes.begin(), access.writes.end(), [&](const std::string& column) {
        return std::find(key.begin(), key.end(), column) != key.end();
      });
      if (access.deletes || (access.updates && other_key)) add(table != nullptr ? table->name : access.relation);
    }
    for (const Operation& operation : statement.operations) {
      for (const std::string& table : std::visit(TablesOf{}, operation)) add(table);
    }
    if (!may_do_anything(statement, functions_)) return;
    for (const Table& table : schema_.tables) add(table.name);
  }

  std::set<std::string> all() && { return std::move(names_); }

 private:
  void add(const std::string& name) {
    if (!names_.insert(name).second) return;
    for (const Table& table : schema_.tables) {
      const auto heir_of = [](const Table& heir, const std::string& parent) {
        return std::find(heir.parents.begin(), heir.parents.end(), parent) != heir.parents.end();
      };
      const bool cascades = std::any_of(table.constraints.begin(), table.constraints.end(), [&](const Constraint& c) {
        return c.kind == ConstraintKind::ForeignKey && c.referenced_table == name && c.delete_writes;
      });
      if (cascades || heir_of(table, name)) add(table.name);
      const Table* self = schema_.table(name);
      if (self != nullptr && heir_of(*self, table.name)) add(table.name);
    }
  }

  const Schema& schema_;
  const std::set<std::string> functions_;
  std::set<std::string> names_;
};

}  // namespace

std::set<std::string> tables_losing_rows(const std::vector<const Statement*>& statements, const Schema& schema) {
  Losing losing(schema);
  for (const Statement* statement : statements) losing.add(*statement);
  return std::move(losing).all();
}

}  // namespace midflight::backends
