#include "sim/strategy/names.h"

#include <algorithm>
#include <cctype>

#include <fmt/core.h>

#include "sim/sql/render.h"

namespace midflight::strategy {
namespace {

// PostgreSQL cuts longer names, which could make two of them equal.
constexpr std::size_t kNameBytesMax = 63;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || (c & 0x80); }

bool is_taken(const Schema& schema, const std::string& name) {
  if (schema.table(name) || schema.view(name) || schema.index(name)) return true;
  return std::any_of(schema.tables.begin(), schema.tables.end(), [&](const Table& table) {
    return std::any_of(table.constraints.begin(), table.constraints.end(), [&](const Constraint& c) { return c.name == name; });
  });
}

std::size_t end_of_quoted(std::string_view sql, std::size_t at) {
  const std::size_t end = sql.find(sql[at], at + 1);
  return end == sql.npos ? sql.size() : end + 1;
}

std::size_t end_of_word(std::string_view sql, std::size_t at) {
  while (at < sql.size() && is_word(sql[at])) ++at;
  return at;
}

bool same_folded(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

std::string columns_sql(const std::vector<std::string>& columns) {
  std::string text;
  for (const std::string& column : columns) text += (text.empty() ? "" : ", ") + sql::identifier(column);
  return text;
}

std::string replace_identifier(std::string_view sql, std::string_view from, std::string_view to) {
  std::string result;
  for (std::size_t at = 0; at < sql.size();) {
    std::size_t end = at + 1;
    bool same = false;
    if (sql[at] == '\'' || sql[at] == '"') {
      end = end_of_quoted(sql, at);
      same = sql[at] == '"' && end - at > 2 && sql.substr(at + 1, end - at - 2) == from;
    } else if (is_word(sql[at])) {
      end = end_of_word(sql, at);
      same = same_folded(sql.substr(at, end - at), from);
    }
    result += same ? to : sql.substr(at, end - at);
    at = end;
  }
  return result;
}

std::string fill(std::string_view pattern, std::string_view value) {
  std::string result(pattern);
  for (std::size_t at = 0; (at = result.find("{}", at)) != result.npos; at += value.size()) result.replace(at, 2, value);
  return result;
}

std::string unused_name(const Schema& schema, const std::string& wish) {
  std::string result = wish.substr(0, kNameBytesMax);
  for (int n = 2; is_taken(schema, result); ++n) {
    const std::string number = fmt::format("_{}", n);
    result = wish.substr(0, kNameBytesMax - number.size()) + number;
  }
  return result;
}

std::string successor_name(const Schema& schema, std::string_view name, std::string_view from, std::string_view to) {
  std::string wish(name);
  const std::size_t at = wish.rfind(from);
  if (at == wish.npos) wish += fmt::format("_{}", to);
  else wish.replace(at, from.size(), to);
  return unused_name(schema, wish);
}

std::string type_suffix(std::string_view type) {
  if (type.starts_with("character varying")) return "varchar";
  if (type.starts_with("timestamp") && type.ends_with("with time zone")) return "timestamptz";
  std::string word;
  for (const char c : type) {
    if (!is_word(c)) break;
    word += c;
  }
  return word.empty() ? "new" : word;
}

}  // namespace midflight::strategy
