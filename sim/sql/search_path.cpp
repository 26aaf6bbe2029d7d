#include "sim/sql/search_path.h"

#include <algorithm>
#include <cctype>

#include "sim/model/sql_text.h"

// Source: PostgreSQL manual, "The Schema Search Path"; SET.

namespace midflight::sql {
namespace {

constexpr std::size_t kLongest = 400;  ///< bytes: a setting is short

using Tokens = std::vector<SqlToken>;

bool is_string(const SqlToken& token) { return token.kind == SqlTokenKind::String && token.text.size() >= 2; }
std::string inside(const SqlToken& token) { return std::string(token.text.substr(1, token.text.size() - 2)); }

/// A path of public alone is no path.
SearchPath settled(SearchPath path) {
  std::erase_if(path, [](const std::string& name) { return name.empty() || name == "$user" || name == "pg_catalog"; });
  return path == SearchPath{"public"} ? SearchPath{} : path;
}

/// Of names with commas between them, as words, quoted names or strings.
SearchPath names_from(const Tokens& tokens, std::size_t at) {
  SearchPath path;
  for (; at < tokens.size(); ++at) {
    if (tokens[at].text == ",") continue;
    path.push_back(is_string(tokens[at]) ? inside(tokens[at]) : token_name(tokens[at]));
  }
  return settled(std::move(path));
}

// SET [SESSION | LOCAL] { search_path { TO | = } ... | SCHEMA 'x' }
std::optional<PathChange> by_set(const Tokens& tokens) {
  std::size_t i = 1;
  PathChange change;
  if (i < tokens.size() && (is_word(tokens[i], "local") || is_word(tokens[i], "session"))) change.local = is_word(tokens[i++], "local");
  if (i + 1 < tokens.size() && is_word(tokens[i], "schema")) return PathChange{names_from(tokens, i + 1), change.local};
  if (i + 2 >= tokens.size() || token_name(tokens[i]) != "search_path") return std::nullopt;
  if (!is_word(tokens[i + 2], "default")) change.path = names_from(tokens, i + 2);
  return change;
}

// SELECT [pg_catalog.]set_config('search_path', 'a, b', is_local)
std::optional<PathChange> by_function(const Tokens& tokens) {
  for (std::size_t i = 1; i + 6 < tokens.size(); ++i) {
    if (!is_word(tokens[i], "set_config")) continue;
    if (!is_string(tokens[i + 2]) || inside(tokens[i + 2]) != "search_path" || !is_string(tokens[i + 4])) return std::nullopt;
    const std::string names = inside(tokens[i + 4]);
    return PathChange{names_from(sql_tokens(names), 0), is_word(tokens[i + 6], "true")};
  }
  return std::nullopt;
}

}  // namespace

std::optional<PathChange> path_change(const Statement& statement) {
  const std::string_view sql = statement.sql;
  const char first = sql.empty() ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(sql.front())));
  if (sql.size() > kLongest || std::string_view("srd").find(first) == std::string_view::npos) return std::nullopt;
  const Tokens tokens = sql_tokens(sql);
  if (tokens.size() < 2) return std::nullopt;
  if (is_word(tokens[0], "set")) return by_set(tokens);
  if (is_word(tokens[0], "select")) return by_function(tokens);
  const bool all = is_word(tokens[1], "all") && (is_word(tokens[0], "reset") || is_word(tokens[0], "discard"));
  if (all || (is_word(tokens[0], "reset") && token_name(tokens[1]) == "search_path")) return PathChange{};
  return std::nullopt;
}

}  // namespace midflight::sql
