#include "sim/model/sql_text.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "sim/model/sql_lexer.h"

namespace midflight {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Source: PostgreSQL 15 manual, appendix C: reserved, and reserved but usable
// as a function or type name.
constexpr std::array kReserved = std::to_array<std::string_view>({
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "binary", "both",
    "case", "cast", "check", "collate", "collation", "column", "concurrently", "constraint", "create", "cross",
    "current_catalog", "current_date", "current_role", "current_schema", "current_time", "current_timestamp",
    "current_user", "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "false", "fetch", "for",
    "foreign", "freeze", "from", "full", "grant", "group", "having", "ilike", "in", "initially", "inner", "intersect",
    "into", "is", "isnull", "join", "lateral", "leading", "left", "like", "limit", "localtime", "localtimestamp",
    "natural", "not", "notnull", "null", "offset", "on", "only", "or", "order", "outer", "overlaps", "placing",
    "primary", "references", "returning", "right", "select", "session_user", "similar", "some", "symmetric", "table",
    "tablesample", "then", "to", "trailing", "true", "union", "unique", "user", "using", "variadic", "verbose", "when",
    "where", "window", "with"});

bool plain_name(std::string_view name) {
  if (name.empty() || !(std::islower(static_cast<unsigned char>(name[0])) != 0 || name[0] == '_')) return false;
  const bool simple = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '_';
  });
  return simple && !std::binary_search(kReserved.begin(), kReserved.end(), name);
}

std::string quote(std::string_view name) {
  if (plain_name(name)) return std::string(name);
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

bool is_symbol(const std::vector<SqlToken>& tokens, std::size_t i, std::string_view symbol) {
  return i < tokens.size() && tokens[i].kind == SqlTokenKind::Symbol && tokens[i].text == symbol;
}

bool follows_as(const std::vector<SqlToken>& tokens, std::size_t i) { return i > 0 && is_word(tokens[i - 1], "as"); }

bool reads_column(const std::vector<SqlToken>& tokens, std::size_t i, std::string_view table, std::string_view column) {
  if (token_name(tokens[i]) != column || follows_as(tokens, i)) return false;
  if (is_symbol(tokens, i + 1, "(") || is_symbol(tokens, i + 1, ".")) return false;
  if (i > 0 && is_symbol(tokens, i - 1, "::")) return false;
  return i < 2 || !is_symbol(tokens, i - 1, ".") || token_name(tokens[i - 2]) == table;
}

bool names_relation(const std::vector<SqlToken>& tokens, std::size_t i, std::string_view relation) {
  if (token_name(tokens[i]) != relation || follows_as(tokens, i)) return false;
  if (is_symbol(tokens, i + 1, ".")) return true;
  if (i > 0 && is_symbol(tokens, i - 1, ".")) return i > 1 && token_name(tokens[i - 2]) == "public";
  const auto follows = [&](std::string_view word) { return i > 0 && is_word(tokens[i - 1], word); };
  return follows("from") || follows("join") || follows("only") || follows("on");
}

/// The text with every token that `chosen` picks replaced.
template <class Chosen>
std::string replace_tokens(std::string_view sql, std::string_view with, const Chosen& chosen) {
  const std::vector<SqlToken> tokens = sql_tokens(sql);
  std::string out;
  std::size_t done = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!chosen(tokens, i)) continue;
    const auto begin = static_cast<std::size_t>(tokens[i].text.data() - sql.data());
    out.append(sql.substr(done, begin - done)).append(with);
    done = begin + tokens[i].text.size();
  }
  return out.append(sql.substr(done));
}

}  // namespace

std::vector<SqlToken> sql_tokens(std::string_view text) {
  std::vector<SqlToken> tokens;
  SqlLexer lexer(text);
  for (SqlToken token; lexer.next(token);) tokens.push_back(token);
  return tokens;
}

std::string token_name(const SqlToken& token) {
  std::string name;
  if (token.kind == SqlTokenKind::Word) {
    for (const char c : token.text) name += lower(c);
  } else if (token.kind == SqlTokenKind::Quoted && token.text.size() >= 2) {
    for (std::size_t i = 1; i + 1 < token.text.size(); ++i) {
      name += token.text[i];
      if (token.text[i] == '"') ++i;
    }
  }
  return name;
}

bool is_word(const SqlToken& token, std::string_view word) {
  return token.kind == SqlTokenKind::Word && token_name(token) == word;
}

std::string sql_identifier(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == name.size()) return quote(name);
  return quote(name.substr(0, dot)) + "." + quote(name.substr(dot + 1));
}

std::string rename_column_in_sql(std::string_view sql, std::string_view table, std::string_view from,
                                 std::string_view to) {
  return replace_tokens(sql, sql_identifier(to),
                        [&](const auto& tokens, std::size_t i) { return reads_column(tokens, i, table, from); });
}

std::string rename_relation_in_sql(std::string_view sql, std::string_view from, std::string_view to) {
  return replace_tokens(sql, sql_identifier(to),
                        [&](const auto& tokens, std::size_t i) { return names_relation(tokens, i, from); });
}

bool sql_reads_column(std::string_view sql, std::string_view table, std::string_view column) {
  const std::vector<SqlToken> tokens = sql_tokens(sql);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (reads_column(tokens, i, table, column)) return true;
  }
  return false;
}

}  // namespace midflight
