#include "backends/data/words.h"

#include "sim/model/sql_text.h"

namespace midflight::backends {

std::string parameter(const Dialect& dialect, int n) {
  return (dialect.engine == Engine::Sqlite ? "?" : "$") + std::to_string(n);
}

std::string differs(const Dialect& dialect, const std::string& a, const std::string& b) {
  return a + (dialect.engine == Engine::Sqlite ? " IS NOT " : " IS DISTINCT FROM ") + b;
}

std::string literal_text(std::string_view token) {
  const std::size_t quote = token.find('\'');
  if (quote == token.npos) return std::string(token);
  std::string out;
  for (std::size_t i = quote + 1; i + 1 < token.size(); ++i) {
    out += token[i];
    if (token[i] == '\'') ++i;
  }
  return out;
}

std::string text_array(const std::vector<std::string>& texts) {
  std::string array = "{";
  for (const std::string& text : texts) {
    array += array.size() > 1 ? ",\"" : "\"";
    for (const char c : text) array += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    array += '"';
  }
  return array + "}";
}

std::string limited_to(const std::string& update, const std::string& condition) {
  int depth = 0;
  for (const SqlToken& token : sql_tokens(update)) {
    if (token.text == "(") ++depth;
    if (token.text == ")") --depth;
    if (depth != 0 || !is_word(token, "where")) continue;
    const auto where = static_cast<std::size_t>(token.text.data() - update.data()) + token.text.size();
    return update.substr(0, where) + " (" + update.substr(where) + ") AND " + condition;
  }
  return update + " WHERE " + condition;
}

}  // namespace midflight::backends
