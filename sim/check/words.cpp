#include "sim/check/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "sim/model/sql_text.h"

namespace midflight::check {
namespace {

std::vector<std::string> split(std::string_view words) {
  std::vector<std::string> out;
  for (const SqlToken& token : sql_tokens(words)) out.emplace_back(token.text);
  return out;
}

bool follow(const std::vector<SqlToken>& tokens, std::size_t at, const std::vector<std::string>& words) {
  if (at + words.size() > tokens.size()) return false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!is_word(tokens[at + i], words[i]) && tokens[at + i].text != words[i]) return false;
  }
  return true;
}

}  // namespace

bool in_use(const Look& look, const std::string& relation) { return !look.session.is_new(relation); }

std::optional<LockMode> lock_on(const LocksAndWork& work, const std::string& relation) {
  std::optional<LockMode> strongest;
  for (const Phase& phase : work.phases) {
    for (const RelationLock& lock : phase.locks) {
      if (lock.relation == relation) strongest = std::max(strongest.value_or(lock.mode), lock.mode);
    }
  }
  return strongest;
}

bool does(const LocksAndWork& work, WorkKind kind, const std::string& relation) {
  const std::vector<std::string> all = relations_with(work, kind);
  return std::find(all.begin(), all.end(), relation) != all.end();
}

bool does(const LocksAndWork& work, WorkKind kind) { return !relations_with(work, kind).empty(); }

bool takes_long(const LocksAndWork& work) {
  for (const Phase& phase : work.phases) {
    for (const Work& one : phase.work) {
      if (one.kind == WorkKind::Update ? one.rows == kAllRows : one.kind != WorkKind::Metadata) return true;
    }
  }
  return false;
}

std::vector<std::string> relations_with(const LocksAndWork& work, WorkKind kind) {
  std::vector<std::string> out;
  for (const Phase& phase : work.phases) {
    for (const Work& one : phase.work) {
      if (one.kind == kind && std::find(out.begin(), out.end(), one.relation) == out.end()) out.push_back(one.relation);
    }
  }
  return out;
}

std::string who_waits(LockMode mode, const std::string& relation) {
  if (mode == LockMode::AccessExclusiveLock) return fmt::format("every query on {} waits", relation);
  if (mode == LockMode::ExclusiveLock) return fmt::format("writes to {} and SELECT ... FOR UPDATE wait, plain reads go on", relation);
  if (mode >= LockMode::ShareLock) return fmt::format("writes to {} wait, reads go on", relation);
  return fmt::format("reads and writes of {} go on", relation);
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  return out;
}

std::string column_list(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out.append(out.empty() ? "" : ", ").append(q(name));
  return out;
}

std::string q(std::string_view name) { return sql_identifier(name); }

bool begins_with(const Statement& statement, std::string_view words) {
  constexpr std::size_t kEnough = 200;
  return follow(sql_tokens(std::string_view(statement.sql).substr(0, kEnough)), 0, split(words));
}

std::string with_behind(std::string_view sql, std::string_view word, std::string_view addition) {
  for (const SqlToken& token : sql_tokens(sql)) {
    if (!is_word(token, word)) continue;
    const auto end = static_cast<std::size_t>(token.text.data() - sql.data()) + token.text.size();
    return fmt::format("{} {}{}", sql.substr(0, end), addition, sql.substr(end));
  }
  return std::string(sql);
}

bool has_words(const Statement& statement, std::string_view words) {
  const std::vector<SqlToken> tokens = sql_tokens(statement.sql);
  const std::vector<std::string> wanted = split(words);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (follow(tokens, i, wanted)) return true;
  }
  return false;
}

}  // namespace midflight::check
