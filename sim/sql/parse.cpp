#include "sim/sql/parse.h"

#include <fmt/format.h>

#include "sim/sql/ddl.h"
#include "sim/sql/footprint.h"
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

Statement statement_at(const Tree& tree, std::size_t i, const Schema* schema) {
  Statement out;
  out.sql = tree.sql(i);
  const Node* node = tree.statement(i);
  fill_footprint(node, schema, out);
  out.operations = operations_of(node, out.sql);
  out.refuses_transaction = refuses_transaction(node);
  if (changes_schema(out.operations)) out.kind = StatementKind::Ddl;
  return out;
}

}  // namespace

std::vector<Statement> parse_under(std::string_view text, const Position& where, const Schema* schema) {
  const Tree tree(text, where);
  std::vector<Statement> out;
  PlaceFinder places(tree.text(), where);
  for (std::size_t i = 0; i < tree.size(); ++i) {
    out.push_back(statement_at(tree, i, schema));
    out.back().where = places.at(static_cast<std::size_t>(tree.sql(i).data() - tree.text().data()));
  }
  return out;
}

std::vector<Statement> parse(std::string_view text, const Position& where) { return parse_under(text, where, nullptr); }

Statement parse_one(std::string_view text, const Position& where) {
  std::vector<Statement> all = parse(text, where);
  if (all.empty()) throw Error(ErrorCode::BadInput, "expected one SQL statement, found none", where);
  if (all.size() > 1) {
    throw Error(ErrorCode::BadInput, fmt::format("expected one SQL statement, found {}", all.size()), all[1].where);
  }
  return std::move(all.front());
}

}  // namespace midflight::sql
