#include "sim/check/settings.h"

#include <cctype>
#include <cstdlib>
#include <vector>

#include "sim/model/sql_text.h"

namespace midflight::check {
namespace {

using Name = SettingChange::Name;

std::optional<Name> setting_name(std::string_view name) {
  if (name == "lock_timeout") return Name::Lock;
  if (name == "statement_timeout") return Name::Statement;
  if (name == "idle_in_transaction_session_timeout") return Name::IdleInTransaction;
  return std::nullopt;
}

std::string_view unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'') text = text.substr(1, text.size() - 2);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

std::optional<double> unit_seconds(std::string_view unit) {
  if (unit.empty() || unit == "ms") return 1e-3;
  if (unit == "us") return 1e-6;
  if (unit == "s") return 1;
  if (unit == "min") return 60;
  if (unit == "h") return 3600;
  if (unit == "d") return 86400;
  return std::nullopt;
}

// SET [SESSION | LOCAL] name { TO | = } value
std::optional<SettingChange> change_by_set(const std::vector<SqlToken>& tokens) {
  std::size_t i = 1;
  SettingChange change;
  if (i < tokens.size() && (is_word(tokens[i], "local") || is_word(tokens[i], "session"))) {
    change.local = is_word(tokens[i++], "local");
  }
  if (i + 2 >= tokens.size()) return std::nullopt;
  const auto name = setting_name(token_name(tokens[i]));
  if (!name) return std::nullopt;
  change.name = *name;
  if (!is_word(tokens[i + 2], "default")) change.value = setting_duration(tokens[i + 2].text);
  return change;
}

// SELECT [pg_catalog.]set_config('name', 'value', is_local)
std::optional<SettingChange> change_by_function(const std::vector<SqlToken>& tokens) {
  for (std::size_t i = 1; i + 6 < tokens.size(); ++i) {
    if (!is_word(tokens[i], "set_config")) continue;
    const auto name = setting_name(unquoted(tokens[i + 2].text));
    if (!name) return std::nullopt;
    return SettingChange{*name, setting_duration(tokens[i + 4].text), is_word(tokens[i + 6], "true")};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Duration> setting_duration(std::string_view text) {
  const std::string plain(unquoted(text));
  char* end = nullptr;
  const double number = std::strtod(plain.c_str(), &end);
  if (end == plain.c_str() || number < 0) return std::nullopt;
  const auto unit = unit_seconds(unquoted(end));
  if (!unit) return std::nullopt;
  return Duration::from_seconds(number * *unit);
}

std::optional<SettingChange> setting_change(const Statement& statement) {
  const std::string_view sql = statement.sql;
  const char first = sql.empty() ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(sql.front())));
  if (first != 's' && first != 'r') return std::nullopt;
  // Most statements that begin so are long and are no settings.
  constexpr std::size_t kLongest = 400;
  if (sql.size() > kLongest) return std::nullopt;
  const std::vector<SqlToken> tokens = sql_tokens(sql);
  if (tokens.size() < 2) return std::nullopt;
  if (is_word(tokens[0], "set")) return change_by_set(tokens);
  if (is_word(tokens[0], "select")) return change_by_function(tokens);
  if (!is_word(tokens[0], "reset")) return std::nullopt;
  const auto name = setting_name(token_name(tokens[1]));
  if (!name) return std::nullopt;
  return SettingChange{*name, std::nullopt, false};
}

}  // namespace midflight::check
