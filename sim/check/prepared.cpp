#include "sim/check/prepared.h"

#include <algorithm>
#include <array>

#include "sim/kernel/error.h"
#include "sim/model/sql_text.h"

namespace midflight::check {
namespace {

/// Few statements begin so: their first letters tell before the text is cut into tokens.
bool may_concern(const std::string& sql) {
  if (sql.size() < 2) return false;
  constexpr std::array<std::string_view, 5> kBeginnings = {"pr", "ex", "de", "di", "/*"};
  const std::string two = {static_cast<char>(sql[0] | 0x20), static_cast<char>(sql[1] | 0x20)};
  return std::find(kBeginnings.begin(), kBeginnings.end(), two) != kBeginnings.end() || sql.starts_with("/*");
}

/// Where the statement behind PREPARE p (types) AS begins; npos if it is no such statement.
std::size_t begin_of_inner(const std::string& sql, const std::vector<SqlToken>& tokens) {
  int depth = 0;
  for (std::size_t i = 2; i + 1 < tokens.size(); ++i) {
    depth += tokens[i].text == "(" ? 1 : tokens[i].text == ")" ? -1 : 0;
    if (depth == 0 && is_word(tokens[i], "as")) return static_cast<std::size_t>(tokens[i + 1].text.data() - sql.data());
  }
  return std::string::npos;
}

/// The name behind EXECUTE, which EXPLAIN and its options may precede.
std::string name_run_by(const std::vector<SqlToken>& tokens) {
  const bool explained = !tokens.empty() && is_word(tokens[0], "explain");
  const auto execute = std::find_if(tokens.begin(), explained ? tokens.end() : std::min(tokens.begin() + 1, tokens.end()),
                                    [](const SqlToken& t) { return is_word(t, "execute"); });
  if (execute == tokens.end() || execute + 1 == tokens.end() || !is_word(*execute, "execute")) return "";
  return token_name(execute[1]);
}

}  // namespace

void Prepared::note(const Statement& statement, const sql::Surroundings& around) {
  if (!may_concern(statement.sql)) return;
  const std::vector<SqlToken> tokens = sql_tokens(statement.sql);
  if (tokens.size() < 2) return;
  if (is_word(tokens[0], "discard") && is_word(tokens[1], "all")) statements_.clear();
  if (is_word(tokens[0], "deallocate")) {
    if (is_word(tokens.back(), "all")) statements_.clear();
    else statements_.erase(token_name(tokens.back()));
  }
  if (!is_word(tokens[0], "prepare") || is_word(tokens[1], "transaction")) return;
  const std::size_t begin = begin_of_inner(statement.sql, tokens);
  if (begin == std::string::npos) return;
  try {
    std::vector<Statement> inner = sql::parse_under(std::string_view(statement.sql).substr(begin), statement.where, around);
    if (inner.size() == 1) statements_.insert_or_assign(token_name(tokens[1]), std::move(inner.front()));
  } catch (const Error&) {
    statements_.erase(token_name(tokens[1]));  // the same grammar has read it already as a part
  }
}

std::optional<Statement> Prepared::run_by(const Statement& statement) const {
  if (statements_.empty() || !may_concern(statement.sql)) return std::nullopt;
  const std::vector<SqlToken> tokens = sql_tokens(statement.sql);
  const auto found = statements_.find(name_run_by(tokens));
  if (found == statements_.end()) return std::nullopt;
  if (!is_word(tokens[0], "explain")) {
    Statement out = found->second;
    out.where = statement.where;
    return out;
  }
  Statement out = statement;
  out.accesses = found->second.accesses;
  out.kind = found->second.kind;
  return out;
}

}  // namespace midflight::check
