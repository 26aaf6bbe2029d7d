#include <fmt/format.h>

#include "sim/sql/expressions.h"
#include "sim/sql/rewrite_parts.h"
#include "sim/sql/scope.h"

namespace midflight::sql {
namespace {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

/// A type without its length: a cast to it never cuts a value, and the column
/// still checks the length when the value is stored.
std::string without_length(const std::string& type) {
  if (type == "character" || type.starts_with("character(")) return "bpchar";
  if (type == "bit" || type.starts_with("bit(")) return "bit varying";
  const std::size_t open = type.find('(');
  const std::size_t close = type.find(')');
  return open == std::string::npos || close == std::string::npos ? type : type.substr(0, open) + type.substr(close + 1);
}

/// Makes the values of the two columns from the one the application gives.
class Writer {
 public:
  explicit Writer(Rewriting& work) : work_(work), mapping_(work.mapping) {}

  struct Values {
    Node* from = nullptr;
    Node* to = nullptr;
  };

  /// The application's value is of the type of the column that it reads.
  Values values(Node* given) {
    if (!work_.writes_both()) return {given, given};
    if (given->node_case == PG_QUERY__NODE__NODE_SET_TO_DEFAULT) return defaults(given);
    const std::string twice = volatile_call(given);
    if (!twice.empty()) work_.refuse(fmt::format("writing both columns would call {}() twice", twice));
    const std::string text = typed(given);
    const std::string& conversion = mapping_.read_to ? mapping_.backward : mapping_.forward;
    const std::string converted = conversion.empty() ? text : filled(conversion, text);
    const std::string& from = mapping_.read_to ? converted : text;
    const std::string& to = mapping_.read_to ? text : converted;
    return {work_.expression(from), work_.expression(to)};
  }

  /// What a row gets that does not name the column.
  /// Returns: nothing where NULL, the default's absence, is right for both.
  std::optional<Node*> value_left_out() {
    const std::string* sql = default_sql();
    if (sql == nullptr || !work_.writes_both()) return std::nullopt;
    return work_.expression(mapping_.forward.empty() ? *sql : filled(mapping_.forward, "(" + *sql + ")"));
  }

 private:
  const std::string* default_sql() const {
    const Table* table = work_.schema.table(mapping_.table);
    const Column* column = table != nullptr ? table->column(mapping_.from) : nullptr;
    return column != nullptr && column->default_sql ? &*column->default_sql : nullptr;
  }

  Values defaults(Node* given) {
    const std::string* sql = default_sql();
    if (sql == nullptr) return {given, given};
    const std::string twice = volatile_call(work_.expression(*sql));
    if (!twice.empty()) work_.refuse(fmt::format("the default would call {}() twice", twice));
    return {given, *value_left_out()};
  }

  /// A bare parameter has the type that its context gives it, and two contexts
  /// must agree; every other expression has its own.
  std::string typed(const Node* given) const {
    const std::string& type = mapping_.read_to ? mapping_.to_type : mapping_.from_type;
    const std::string text = expression_text(given);
    if (given->node_case != PG_QUERY__NODE__NODE_PARAM_REF || type.empty()) return "(" + text + ")";
    return fmt::format("CAST({} AS {})", text, without_length(type));
  }

  static std::string filled(std::string pattern, const std::string& value) {
    for (std::size_t at = pattern.find("{}"); at != std::string::npos; at = pattern.find("{}", at + value.size()))
      pattern.replace(at, 2, value);
    return pattern;
  }

  Rewriting& work_;
  const ColumnMapping& mapping_;
};

Node* assignment(Rewriting& work, const std::string& column, Node* value) {
  auto* target = work.arena().make<PgQuery__ResTarget>(pg_query__res_target__descriptor);
  target->name = work.arena().text(column);
  target->val = value;
  auto* node = work.arena().make<Node>(pg_query__node__descriptor);
  node->node_case = PG_QUERY__NODE__NODE_RES_TARGET;
  node->res_target = target;
  return node;
}

/// SET (a, b) = ($1, $2) as SET a = $1, b = $2.
Node* plain_value(Rewriting& work, Node* value) {
  if (value == nullptr || value->node_case != PG_QUERY__NODE__NODE_MULTI_ASSIGN_REF) return value;
  const PgQuery__MultiAssignRef& multiple = *value->multi_assign_ref;
  if (multiple.source == nullptr || multiple.source->node_case != PG_QUERY__NODE__NODE_ROW_EXPR)
    work.refuse("SET (...) = (SELECT ...) cannot be split");
  const PgQuery__RowExpr& row = *multiple.source->row_expr;
  if (static_cast<std::size_t>(multiple.ncolumns) != row.n_args) work.refuse("it has not as many values as columns");
  return row.args[multiple.colno - 1];
}

bool names_column(const Rewriting& work, const Node* target) { return target->res_target->name == work.mapping.from; }

bool assigns_column(const Rewriting& work, Node* const* list, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (names_column(work, list[i])) return true;
  }
  return false;
}

/// The list of a SET with the mapped column's assignment replaced.
void rewrite_assignments(Rewriting& work, Node**& list, std::size_t& count) {
  if (!assigns_column(work, list, count)) return;
  Node** out = nullptr;
  std::size_t n = 0;
  for (std::size_t i = 0; i < count; ++i) {
    PgQuery__ResTarget& target = *list[i]->res_target;
    target.val = plain_value(work, target.val);
    if (!names_column(work, list[i])) {
      work.arena().append(out, n, list[i]);
      continue;
    }
    if (target.n_indirection > 0) work.refuse("a part of the column is assigned");
    const Writer::Values values = Writer(work).values(target.val);
    if (work.mapping.write_from) work.arena().append(out, n, assignment(work, work.mapping.from, values.from));
    if (work.mapping.write_to) work.arena().append(out, n, assignment(work, work.mapping.to, values.to));
  }
  list = out;
  count = n;
}

/// INSERT INTO t VALUES (...) as INSERT INTO t (first columns) VALUES (...).
void spell_out_columns(Rewriting& work, PgQuery__InsertStmt& insert) {
  if (insert.n_cols > 0 || insert.select_stmt == nullptr) return;
  const PgQuery__SelectStmt& source = *insert.select_stmt->select_stmt;
  const std::size_t values = source.n_values_lists > 0 ? source.values_lists[0]->list->n_items : source.n_target_list;
  const auto columns = relation_columns(work.schema, work.mapping.table);
  if (!columns || values == 0 || values > columns->size()) work.refuse("it has no list of columns");
  for (std::size_t i = 0; i < values; ++i)
    work.arena().append(insert.cols, insert.n_cols, assignment(work, (*columns)[i], nullptr));
}

std::size_t position_of_column(const Rewriting& work, const PgQuery__InsertStmt& insert) {
  for (std::size_t i = 0; i < insert.n_cols; ++i) {
    if (names_column(work, insert.cols[i])) return i;
  }
  return kNowhere;
}

/// Replaces the value at `position` of one row, or adds one at its end.
void rewrite_row(Rewriting& work, Node**& items, std::size_t& count, std::size_t position) {
  if (position >= count) work.refuse("it has fewer values than columns");
  const Writer::Values values = Writer(work).values(items[position]);
  items[position] = work.mapping.write_from ? values.from : values.to;
  if (work.writes_both()) work.arena().append(items, count, values.to);
}

void rewrite_select_row(Rewriting& work, PgQuery__SelectStmt& select, std::size_t position) {
  if (select.op != PG_QUERY__SET_OPERATION__SETOP_NONE) work.refuse("INSERT ... SELECT with UNION cannot be split");
  if (position >= select.n_target_list) work.refuse("its SELECT list does not show every column");
  for (std::size_t i = 0; i < select.n_target_list; ++i) {
    const Node* value = select.target_list[i]->res_target->val;
    if (value->node_case == PG_QUERY__NODE__NODE_COLUMN_REF && column_name(*value->column_ref).star)
      work.refuse("its SELECT list has a star");
  }
  const Writer::Values values = Writer(work).values(select.target_list[position]->res_target->val);
  select.target_list[position]->res_target->val = work.mapping.write_from ? values.from : values.to;
  if (work.writes_both())
    work.arena().append(select.target_list, select.n_target_list, assignment(work, work.mapping.to, values.to));
}

void rewrite_source(Rewriting& work, PgQuery__SelectStmt& source, std::size_t position) {
  if (source.n_values_lists == 0) return rewrite_select_row(work, source, position);
  for (std::size_t i = 0; i < source.n_values_lists; ++i) {
    PgQuery__List& row = *source.values_lists[i]->list;
    rewrite_row(work, row.items, row.n_items, position);
  }
}

/// A row without the column gets the default in the old one; the new one must follow.
void add_default(Rewriting& work, PgQuery__InsertStmt& insert) {
  const std::optional<Node*> value = Writer(work).value_left_out();
  if (!value || insert.select_stmt == nullptr) return;
  const std::string twice = volatile_call(*value);
  if (!twice.empty()) work.refuse(fmt::format("the default of the column calls {}()", twice));
  PgQuery__SelectStmt& source = *insert.select_stmt->select_stmt;
  if (source.n_values_lists == 0 && source.op != PG_QUERY__SET_OPERATION__SETOP_NONE)
    work.refuse("INSERT ... SELECT with UNION cannot be split");
  work.arena().append(insert.cols, insert.n_cols, assignment(work, work.mapping.to, nullptr));
  for (std::size_t i = 0; i < source.n_values_lists; ++i) {
    PgQuery__List& row = *source.values_lists[i]->list;
    work.arena().append(row.items, row.n_items, *value);
  }
  if (source.n_values_lists == 0)
    work.arena().append(source.target_list, source.n_target_list, assignment(work, work.mapping.to, *value));
}

void rewrite_insert(Rewriting& work, PgQuery__InsertStmt& insert) {
  if (!is_target(insert.relation, work.mapping)) return;
  spell_out_columns(work, insert);
  const std::size_t position = position_of_column(work, insert);
  if (position == kNowhere) {
    add_default(work, insert);
  } else {
    if (insert.cols[position]->res_target->n_indirection > 0) work.refuse("a part of the column is assigned");
    rewrite_source(work, *insert.select_stmt->select_stmt, position);
    if (!work.mapping.write_from) insert.cols[position]->res_target->name = work.arena().text(work.mapping.to);
    if (work.writes_both())
      work.arena().append(insert.cols, insert.n_cols, assignment(work, work.mapping.to, nullptr));
  }
  if (insert.on_conflict_clause != nullptr)
    rewrite_assignments(work, insert.on_conflict_clause->target_list, insert.on_conflict_clause->n_target_list);
}

}  // namespace

void rewrite_writes(Rewriting& work) {
  std::vector<PgQuery__InsertStmt*> inserts;
  std::vector<PgQuery__UpdateStmt*> updates;
  for_each_message(work.root()->base, [&](ProtobufCMessage& message) {
    if (auto* insert = as<PgQuery__InsertStmt>(message, pg_query__insert_stmt__descriptor)) inserts.push_back(insert);
    if (auto* update = as<PgQuery__UpdateStmt>(message, pg_query__update_stmt__descriptor)) updates.push_back(update);
    if (auto* merge = as<PgQuery__MergeStmt>(message, pg_query__merge_stmt__descriptor)) {
      if (is_target(merge->relation, work.mapping)) work.refuse("MERGE cannot be followed");
    }
  });
  for (PgQuery__InsertStmt* insert : inserts) rewrite_insert(work, *insert);
  for (PgQuery__UpdateStmt* update : updates) {
    if (is_target(update->relation, work.mapping)) rewrite_assignments(work, update->target_list, update->n_target_list);
  }
}

}  // namespace midflight::sql
