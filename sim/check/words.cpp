#include "sim/check/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "sim/model/sql_text.h"

namespace midflight::check {
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

bool does_to(const Look& look, WorkKind kind, const std::string& table) {
  if (does(look.work, kind, table)) return true;
  if (!is_partitioned(look, table)) return false;
  const std::vector<std::string> below = look.schema.heirs(table);
  return std::any_of(below.begin(), below.end(), [&](const std::string& name) { return does(look.work, kind, name); });
}

std::string behind_table(const Index& index) {
  const auto tokens = sql_tokens(index.sql);
  std::size_t at = 0;
  while (at < tokens.size() && !is_word(tokens[at], "on")) ++at;
  if (++at < tokens.size() && is_word(tokens[at], "only")) ++at;
  while (at + 2 < tokens.size() && tokens[at + 1].text == ".") at += 2;
  if (at + 1 >= tokens.size()) return "(" + column_list(index.columns) + ")";
  return index.sql.substr(static_cast<std::size_t>(tokens[at + 1].text.data() - index.sql.data()));
}

std::string index_keys(const Index& index) {
  const auto tokens = sql_tokens(index.sql);
  int depth = 0;
  std::string_view text;
  bool has_expression = false;
  for (const SqlToken& token : tokens) {
    if (token.text == "(") {
      has_expression = has_expression || depth == 1;
      if (++depth == 1) text = std::string_view(index.sql).substr(static_cast<std::size_t>(token.text.data() - index.sql.data()) + 1);
    } else if (token.text == ")" && --depth == 0) {
      text = text.substr(0, static_cast<std::size_t>(token.text.data() - text.data()));
      break;
    }
  }
  return has_expression && depth == 0 ? std::string(text) : column_list(index.columns);
}

std::string type_sql(std::string_view type) {
  const std::size_t end = std::min(type.find_first_of("(["), type.size());
  const bool lower = std::none_of(type.begin(), type.begin() + static_cast<std::ptrdiff_t>(end), [](unsigned char c) { return std::isupper(c) != 0; });
  if (lower || type.find('"') != std::string_view::npos) return std::string(type);
  return q(type.substr(0, end)) + std::string(type.substr(end));
}

std::string without(std::string_view sql, std::string_view word) {
  const auto tokens = sql_tokens(sql);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!is_word(tokens[i], word)) continue;
    const auto from = static_cast<std::size_t>(tokens[i].text.data() - sql.data());
    const auto to = static_cast<std::size_t>(tokens[i + 1].text.data() - sql.data());
    return fmt::format("{}{}", sql.substr(0, from), sql.substr(to));
  }
  return std::string(sql);
}

std::string q(std::string_view name) { return sql_identifier(name); }

std::string with_behind(std::string_view sql, std::string_view word, std::string_view addition) {
  for (const SqlToken& token : sql_tokens(sql)) {
    if (!is_word(token, word)) continue;
    const auto end = static_cast<std::size_t>(token.text.data() - sql.data()) + token.text.size();
    return fmt::format("{} {}{}", sql.substr(0, end), addition, sql.substr(end));
  }
  return std::string(sql);
}

std::string with_lock_timeout(const Look& look) {
  return fmt::format("SET lock_timeout = '2s';  -- and try again when it gives up\n{};", look.statement.sql);
}

bool gives_up_soon(const Timeouts& timeouts) { return timeouts.lock && timeouts.lock->ns > 0; }

bool is_single(const Look& look) { return look.statement.operations.size() == 1; }

std::vector<std::string> locked_in_use(const Look& look, LockMode at_least) {
  std::vector<std::string> out;
  for (const Phase& phase : look.work.phases) {
    for (const RelationLock& lock : phase.locks) {
      if (lock.mode < at_least || !in_use(look, lock.relation)) continue;
      if (std::find(out.begin(), out.end(), lock.relation) == out.end()) out.push_back(lock.relation);
    }
  }
  const auto is_index = [&](const std::string& name) { return look.schema.table(name) == nullptr && look.schema.index(name) != nullptr; };
  if (!std::all_of(out.begin(), out.end(), is_index)) out.erase(std::remove_if(out.begin(), out.end(), is_index), out.end());
  return out;
}

bool is_partitioned(const Look& look, const std::string& table) {
  const Table* known = look.schema.table(table);
  return known != nullptr && known->kind == TableKind::Partitioned;
}

bool is_materialized_view(const Look& look, const std::string& table) {
  const Table* known = look.schema.table(table);
  return known != nullptr && known->kind == TableKind::MaterializedView;
}

const Constraint* constraint_called(const Schema& schema, const std::string& table, const std::string& name) {
  const Table* found = schema.table(table);
  if (found == nullptr) return nullptr;
  const auto at = std::find_if(found->constraints.begin(), found->constraints.end(), [&](const Constraint& c) { return c.name == name; });
  return at == found->constraints.end() ? nullptr : &*at;
}

}  // namespace midflight::check
