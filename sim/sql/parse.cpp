#include "sim/sql/parse.h"

#include <fmt/format.h>

#include <optional>

#include "sim/sql/ddl.h"
#include "sim/sql/footprint.h"
#include "sim/sql/nesting.h"
#include "sim/sql/newer_syntax.h"
#include "sim/sql/qualify.h"
#include "sim/sql/statement_end.h"
#include "sim/sql/statements.h"
#include "sim/sql/tree.h"

namespace midflight::sql {
namespace {

bool changes_schema(const std::vector<Operation>& operations) {
  for (const Operation& operation : operations) {
    const bool data = std::holds_alternative<DataStatement>(operation) || std::holds_alternative<Harmless>(operation) ||
                      std::holds_alternative<Opaque>(operation);
    if (!data) return true;
  }
  return false;
}

Statement statement_at(Tree& tree, std::size_t i, const Surroundings& around) {
  Statement out;
  out.sql = tree.sql(i);
  place_elements(tree, i);
  if (around.schema != nullptr) qualify(tree, i, around.path, *around.schema);
  const Node* node = tree.statement(i);
  fill_footprint(node, around.schema, out);
  out.operations = operations_of(node, out.sql);
  out.refuses_transaction = refuses_transaction(node);
  if (changes_schema(out.operations)) out.kind = StatementKind::Ddl;
  return out;
}

/// A statement that the grammar refuses, in words of a later version.
std::optional<Statement> newer_statement(std::string_view text, const Position& where, const Surroundings& around) {
  const std::optional<OlderWords> older = older_words(text);
  if (!older) return std::nullopt;
  Statement out;
  if (older->sql.empty()) {
    out.operations = {Opaque{newer_reason(*older)}};
  } else {
    try {
      Tree tree(older->sql, where);
      if (tree.size() != 1) return std::nullopt;
      out = statement_at(tree, 0, around);
    } catch (const Error&) {
      return std::nullopt;
    }
    restore_meaning(older->unsaid, out.operations);
  }
  const StatementText found = find_statement(text, 0);
  out.sql = text.substr(found.begin, found.end - found.begin);
  out.where = position_in(text, found.begin, where);
  out.since = older->since;
  return out;
}

std::optional<Statement> single_statement(std::string_view text, const Position& where, const Surroundings& around) {
  try {
    Tree tree(text, where);
    if (tree.size() != 1) return std::nullopt;
    Statement out = statement_at(tree, 0, around);
    out.where = where;
    return out;
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// Statement by statement, each in the words of its version.  Returns: nothing
/// if one of them is a mistake, or none is in newer words.
std::vector<Statement> parse_each(std::string_view text, const Position& where, const Surroundings& around) {
  std::vector<Statement> out;
  bool any_newer = false;
  for (std::size_t at = 0; at < text.size();) {
    const StatementText found = find_statement(text, at);
    if (found.kind != StatementText::Kind::Statement) break;
    const std::string_view one = text.substr(found.begin, found.end - found.begin);
    const Position place = position_in(text, found.begin, where);
    std::optional<Statement> statement = single_statement(one, place, around);
    if (!statement) {
      statement = newer_statement(one, place, around);
      any_newer = true;
    }
    if (!statement) return {};
    out.push_back(std::move(*statement));
    at = found.next;
  }
  return any_newer ? out : std::vector<Statement>{};
}

std::vector<Statement> parse_known(std::string_view text, const Position& where, const Surroundings& around) {
  Tree tree(text, where);
  std::vector<Statement> out;
  PlaceFinder places(tree.text(), where);
  for (std::size_t i = 0; i < tree.size(); ++i) {
    out.push_back(statement_at(tree, i, around));
    out.back().where = places.at(static_cast<std::size_t>(tree.sql(i).data() - tree.text().data()));
  }
  return out;
}

}  // namespace

std::vector<Statement> parse_under(std::string_view text, const Position& where, const Surroundings& around) {
  try {
    return parse_known(text, where, around);
  } catch (const Error&) {
    check_encoding(text, where);
    check_nesting(text, where);
    std::vector<Statement> newer = parse_each(text, where, around);
    if (newer.empty()) throw;
    return newer;
  }
}

std::vector<Statement> parse(std::string_view text, const Position& where) { return parse_under(text, where, {}); }

Statement parse_one(std::string_view text, const Position& where) {
  std::vector<Statement> all = parse(text, where);
  if (all.empty()) throw Error(ErrorCode::BadInput, "expected one SQL statement, found none", where);
  if (all.size() > 1) {
    throw Error(ErrorCode::BadInput, fmt::format("expected one SQL statement, found {}", all.size()), all[1].where);
  }
  return std::move(all.front());
}

}  // namespace midflight::sql
