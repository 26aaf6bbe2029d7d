#include <algorithm>
#include <unordered_set>

#include "sim/model/place.h"
#include "sim/model/sql_text.h"
#include "sim/sql/ddl.h"
#include "sim/sql/parse.h"
#include "sim/sql/search_path.h"
#include "sim/sql/statements.h"

namespace midflight::sql {
namespace {

bool starts_line(std::string_view text, std::size_t at) {
  const std::size_t before = text.find_last_not_of(" \t", at == 0 ? 0 : at - 1);
  return at == 0 || before == std::string_view::npos || text[before] == '\n';
}

void blank_out(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    if (text[i] != '\n') text[i] = ' ';
  }
}

/// True where the tokens before `i` spell COPY ... FROM stdin up to the semicolon at `i`.
bool ends_copy(const std::vector<SqlToken>& tokens, std::size_t i) {
  if (i < 2 || tokens[i].text != ";") return false;
  for (std::size_t k = i; k-- > 0 && tokens[k].text != ";";) {
    if (is_word(tokens[k], "stdin") && k > 0 && is_word(tokens[k - 1], "from")) return true;
  }
  return false;
}

/// Blanks out one piece that is psql's and not SQL: a backslash line, or the
/// rows behind COPY ... FROM stdin.  Returns: false when none is left.
bool blank_out_next(std::string& text) {
  const std::vector<SqlToken> tokens = sql_tokens(text);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto at = static_cast<std::size_t>(tokens[i].text.data() - text.data());
    if (tokens[i].text == "\\" && starts_line(text, at)) {
      blank_out(text, at, std::min(text.find('\n', at), text.size()));
      return true;
    }
    if (ends_copy(tokens, i)) {
      const std::size_t end = text.find("\n\\.", at);
      const std::size_t begin = text.rfind("COPY", at) != std::string::npos ? text.rfind("COPY", at) : at;
      blank_out(text, begin, end == std::string::npos ? text.size() : end + 3);
      return true;
    }
  }
  return false;
}

/// The relation an operation needs, and the one it makes.
struct Names {
  std::string needs;
  template <class T>
  void operator()(const T& operation) {
    if constexpr (requires { operation.table.name; }) needs = "";
    else if constexpr (requires { operation.table; }) needs = operation.table;
    else if constexpr (requires { operation.relation; }) needs = operation.relation;
    else if constexpr (requires { operation.index.table; }) needs = operation.index.table;
    else if constexpr (requires { operation.view.table; }) needs = operation.view.table;
    else if constexpr (requires { operation.trigger.table; }) needs = operation.trigger.table;
  }
};

std::string needed_relation(const Operation& operation) {
  Names names;
  std::visit(names, operation);
  return names.needs;
}

/// The name behind CREATE ... TABLE or VIEW of a statement we do not model.
std::string created_name(const Statement& statement) {
  const std::vector<SqlToken> tokens = sql_tokens(statement.sql);
  if (tokens.empty() || !is_word(tokens[0], "create")) return "";
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!is_word(tokens[i], "table") && !is_word(tokens[i], "view")) continue;
    while (i + 1 < tokens.size() && (is_word(tokens[i + 1], "if") || is_word(tokens[i + 1], "not") || is_word(tokens[i + 1], "exists"))) ++i;
    if (i + 1 >= tokens.size()) return "";
    std::string name = token_name(tokens[i + 1]);
    if (i + 3 < tokens.size() && tokens[i + 2].text == ".") {
      const std::string last = token_name(tokens[i + 3]);
      name = name == "public" ? last : name + "." + last;
    }
    return name;
  }
  return "";
}

/// CREATE of something that tables may need and the model does not follow.
bool lays_foundation(const Statement& statement) {
  if (statement.operations.size() != 1 || !std::holds_alternative<Harmless>(statement.operations.front())) return false;
  const std::vector<SqlToken> tokens = sql_tokens(statement.sql);
  std::size_t i = 0;
  if (tokens.empty() || !is_word(tokens[i++], "create")) return false;
  while (i < tokens.size() && (is_word(tokens[i], "or") || is_word(tokens[i], "replace"))) ++i;
  static constexpr const char* kinds[] = {"extension", "function", "procedure", "aggregate", "operator", "cast", "collation", "text", "type"};
  return i < tokens.size() && std::any_of(std::begin(kinds), std::end(kinds), [&](const char* kind) { return is_word(tokens[i], kind); });
}

/// The statement as it means the same under the server's own search path.
std::string along_path(const std::string& sql, const SearchPath& path) {
  std::string places;
  for (const std::string& place : path) places += (places.empty() ? "" : ", ") + sql_identifier(place);
  return places.empty() ? sql : "SET LOCAL search_path TO " + places + "; " + sql;
}

/// Applies statements in order; relations it cannot model are left out with
/// all that refers to them.
class SchemaBuilder {
 public:
  /// Where the text has set a search path, the statement is read again along it.
  void run(const Statement& statement) {
    if (lays_foundation(statement)) return schema_.foundations.push_back(along_path(statement.sql, path_));
    if (auto change = path_change(statement)) path_ = std::move(change->path);
    if (path_.empty()) return add(statement);
    for (const Statement& along : parse_under(statement.sql, statement.where, {&schema_, path_})) add(along);
  }
  Schema take() { return std::move(schema_); }

 private:
  void add(const Statement& statement) {
    for (const Operation& operation : statement.operations) add(operation, statement);
  }

  void add(const Operation& operation, const Statement& statement) {
    if (std::holds_alternative<Opaque>(operation)) return add_unmodelled(statement);
    const std::string needs = needed_relation(operation);
    if (!needs.empty() && unknown_.contains(needs)) return;
    note_schema(operation);
    const std::string misfit = apply(operation, schema_);
    if (!misfit.empty()) throw Error(ErrorCode::BadInput, misfit, statement.where);
  }

  /// A file may leave its schemas out, or make the one that is always there.
  void note_schema(const Operation& operation) {
    const auto* create = std::get_if<CreateSchema>(&operation);
    if (create != nullptr && schema_.has_schema(create->schema)) std::erase(schema_.schemas, create->schema);
    const std::string needed = schema_needed(operation);
    if (!needed.empty() && !schema_.has_schema(needed)) schema_.schemas.push_back(needed);
  }

  void add_unmodelled(const Statement& statement) {
    const std::string name = created_name(statement);
    if (!name.empty()) unknown_.insert(name);
  }

  Schema schema_;
  SearchPath path_;
  std::unordered_set<std::string> unknown_;
};

}  // namespace

std::string without_psql(std::string_view dump) {
  std::string sql(dump);
  while (sql.find('\\') != std::string::npos && blank_out_next(sql)) {
  }
  return sql;
}

Schema schema_from_sql(std::string_view text, const Position& where) {
  const std::string sql = without_psql(text);
  SchemaBuilder builder;
  for (const Statement& statement : parse(sql, where)) builder.run(statement);
  return builder.take();
}

}  // namespace midflight::sql
