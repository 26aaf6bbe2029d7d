#include <fmt/format.h>

#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "sim/model/sql_text.h"
#include "sim/sql/expressions.h"
#include "sim/sql/sqlite_print.h"
#include "sim/sql/sqlite_text.h"
#include "sim/sql/tree.h"

namespace midflight::sql {
namespace {

/// Functions that mean the same on both sides.
bool is_common(const std::string& function) {
  static const std::unordered_set<std::string> kCommon = {
      "abs", "count", "sum", "avg", "min", "max", "length", "lower", "upper", "ltrim", "rtrim", "trim", "substr",
      "replace", "round", "sign", "sqrt", "floor", "ceil", "ceiling", "power", "mod", "exp", "ln", "hex", "randomblob",
      "row_number", "rank", "dense_rank", "lag", "lead", "first_value", "last_value", "ntile", "nth_value", "date",
      "group_concat", "instr"};
  return kCommon.contains(function);
}

const std::unordered_map<std::string, std::string>& renamed_functions() {
  static const std::unordered_map<std::string, std::string> kRenamed = {
      {"char_length", "length"}, {"character_length", "length"}, {"btrim", "trim"}, {"substring", "substr"},
      {"string_agg", "group_concat"}, {"strpos", "instr"}, {"pow", "power"}};
  return kRenamed;
}

const std::unordered_map<std::string, std::string>& replaced_functions() {
  static const std::unordered_map<std::string, std::string> kReplaced = {
      {"now", "current_timestamp"}, {"transaction_timestamp", "current_timestamp"},
      {"statement_timestamp", "current_timestamp"}, {"clock_timestamp", "current_timestamp"},
      {"gen_random_uuid", "lower(hex(randomblob(16)))"}, {"uuid_generate_v4", "lower(hex(randomblob(16)))"},
      {"random", "(random() + 9223372036854775808.0) / 18446744073709551616.0"}};
  return kReplaced;
}

/// Turns one parsed statement into what SQLite understands.
class Translator {
 public:
  explicit Translator(const std::string& sql) : sql_(sql), tree_(sql, Position{}) {}

  std::string text() {
    std::vector<ProtobufCMessage*> all;  // first, so that what is put in is not visited again
    for_each_message(tree_.statement(0)->base, [&](ProtobufCMessage& message) { all.push_back(&message); });
    for (ProtobufCMessage* message : all) translate(*message);
    return sqlite_print(statement_text(tree_.statement(0)));
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(ErrorCode::NotSupported, fmt::format("SQLite has no {}: `{}`", why, sql_));
  }

  void translate(ProtobufCMessage& message) {
    if (auto* node = as<Node>(message, pg_query__node__descriptor)) return expression(*node);
    if (auto* range = as<PgQuery__RangeVar>(message, pg_query__range_var__descriptor)) return relation(*range);
    if (auto* select = as<PgQuery__SelectStmt>(message, pg_query__select_stmt__descriptor)) return query(*select);
    if (auto* insert = as<PgQuery__InsertStmt>(message, pg_query__insert_stmt__descriptor)) return insertion(*insert);
    if (auto* call = as<PgQuery__FuncCall>(message, pg_query__func_call__descriptor)) return function(*call);
    if (auto* operation = as<PgQuery__AExpr>(message, pg_query__a__expr__descriptor)) return operator_(*operation);
    if (auto* remove = as<PgQuery__DeleteStmt>(message, pg_query__delete_stmt__descriptor)) {
      if (remove->n_using_clause > 0) refuse("DELETE ... USING");
    } else if (const auto* lateral = as<PgQuery__RangeSubselect>(message, pg_query__range_subselect__descriptor)) {
      if (lateral->lateral != 0) refuse("LATERAL");
    } else if (message.descriptor == &pg_query__a__array_expr__descriptor) {
      refuse("arrays");
    } else if (message.descriptor == &pg_query__merge_stmt__descriptor) {
      refuse("MERGE");
    } else if (message.descriptor == &pg_query__set_to_default__descriptor) {
      refuse("DEFAULT as a value");
    } else if (message.descriptor == &pg_query__range_function__descriptor) {
      refuse("functions in FROM that PostgreSQL knows");
    }
  }

  void relation(PgQuery__RangeVar& range) {
    range.relname = tree_.arena().text(relation_name(range));
    range.schemaname = tree_.arena().text("");
    range.inh = 1;  // no ONLY
  }

  void query(PgQuery__SelectStmt& select) {
    select.n_locking_clause = 0;  // a writer has the whole database anyway
    if (select.n_distinct_clause > 0 && select.distinct_clause[0]->node_case != PG_QUERY__NODE__NODE__NOT_SET)
      refuse("DISTINCT ON");
    if (select.limit_option == PG_QUERY__LIMIT_OPTION__LIMIT_OPTION_WITH_TIES) refuse("WITH TIES");
    if (select.into_clause != nullptr) refuse("SELECT INTO");
  }

  void insertion(PgQuery__InsertStmt& insert) {
    insert.override = PG_QUERY__OVERRIDING_KIND__OVERRIDING_NOT_SET;
    const PgQuery__OnConflictClause* conflict = insert.on_conflict_clause;
    if (conflict == nullptr) return;
    if (conflict->infer != nullptr && conflict->infer->conname != nullptr && *conflict->infer->conname != '\0')
      refuse("ON CONFLICT ON CONSTRAINT");
    PgQuery__SelectStmt& source = *insert.select_stmt->select_stmt;
    // Its grammar takes ON for a join condition otherwise; lang_upsert.html, "Parsing Ambiguity".
    if (source.n_values_lists == 0 && source.where_clause == nullptr) source.where_clause = from_text("true");
  }

  void expression(Node& node) {
    if (node.node_case == PG_QUERY__NODE__NODE_TYPE_CAST) return cast(node);
    if (node.node_case == PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION) return value_function(*node.sqlvalue_function);
    if (node.node_case != PG_QUERY__NODE__NODE_FUNC_CALL) return;
    const auto found = replaced_functions().find(function_name(*node.func_call));
    if (found != replaced_functions().end()) node = *from_text(found->second);
  }

  void cast(Node& node) {
    const std::string type = type_text(*node.type_cast->type_name);
    if (type == "interval") refuse("intervals");
    if (type.ends_with("[]")) refuse("arrays");
    Node* call = from_text(fmt::format("{}(NULL, '{}')", kCastMarker, sqlite_affinity(type)));
    call->func_call->args[0] = node.type_cast->arg;
    node = *call;
  }

  void value_function(PgQuery__SQLValueFunction& value) {
    switch (value.op) {
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_DATE:
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME:
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP: return;
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP_N:
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP:
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP_N:
        value.op = PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP;
        return;
      default: refuse("users and catalogs");
    }
  }

  static std::string function_name(const PgQuery__FuncCall& call) { return string_of(call.funcname[call.n_funcname - 1]); }

  void function(PgQuery__FuncCall& call) {
    std::string name = function_name(call);
    if (replaced_functions().contains(name)) return;  // its node has gone
    const auto renamed = renamed_functions().find(name);
    if (renamed != renamed_functions().end()) name = renamed->second;
    if (!is_common(name)) refuse("function " + name + "()");
    call.funcname[0] = call.funcname[call.n_funcname - 1];
    call.funcname[0]->string->sval = tree_.arena().text(name);
    call.n_funcname = 1;
    call.funcformat = PG_QUERY__COERCION_FORM__COERCE_EXPLICIT_CALL;
  }

  void operator_(PgQuery__AExpr& operation) {
    static const std::unordered_set<std::string> kCommon = {"=", "<>", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/",
                                                            "%", "||", "&", "|", "<<", ">>", "->", "->>", "~~", "!~~"};
    switch (operation.kind) {
      case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY:
      case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ALL: refuse("arrays (ANY, ALL)");
      case PG_QUERY__A__EXPR__KIND__AEXPR_SIMILAR: refuse("SIMILAR TO");
      case PG_QUERY__A__EXPR__KIND__AEXPR_ILIKE: {  // its LIKE ignores case
        const bool negated = string_of(operation.name[0]) == "!~~*";
        operation.kind = PG_QUERY__A__EXPR__KIND__AEXPR_LIKE;
        operation.name[0]->string->sval = tree_.arena().text(negated ? "!~~" : "~~");
        return;
      }
      case PG_QUERY__A__EXPR__KIND__AEXPR_OP: {
        const std::string name = string_of(operation.name[operation.n_name - 1]);
        if (!kCommon.contains(name)) refuse("operator " + name);
        return;
      }
      default: return;
    }
  }

  Node* from_text(const std::string& sql) {
    templates_.push_back(std::make_unique<Tree>("SELECT " + sql, Position{}));
    return templates_.back()->statement(0)->select_stmt->target_list[0]->res_target->val;
  }

  const std::string& sql_;
  Tree tree_;
  std::vector<std::unique_ptr<Tree>> templates_;
};

}  // namespace

std::string sqlite_affinity(const std::string& type) {
  static const std::unordered_map<std::string, std::string> kAffinities = {
      {"smallint", "INTEGER"}, {"integer", "INTEGER"}, {"bigint", "INTEGER"}, {"boolean", "INTEGER"},
      {"real", "REAL"}, {"double precision", "REAL"}, {"numeric", "NUMERIC"}, {"bytea", "BLOB"}};
  const auto found = kAffinities.find(type.substr(0, type.find('(')));
  return found == kAffinities.end() ? "TEXT" : found->second;
}

std::string sqlite_name(std::string_view name) {
  if (name.find('.') == std::string_view::npos) return sql_identifier(name);
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

std::string sqlite_names(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out.append(out.empty() ? "" : ", ").append(sqlite_name(name));
  return out;
}

std::string sqlite_statement(const std::string& sql) { return Translator(sql).text(); }

std::string sqlite_expression(const std::string& sql) {
  return sqlite_statement("SELECT " + sql).substr(std::string_view("SELECT ").size());
}

}  // namespace midflight::sql
