#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/check/rule.h"

namespace midflight::check {

// What rules are made of: questions about a statement, and words for messages.

/// Calls `say(operation)` for every operation of that kind in the statement.
template <class Op, class Say>
void for_each(const Look& look, const Say& say) {
  for (const Operation& operation : look.statement.operations) {
    if (const auto* op = std::get_if<Op>(&operation)) say(*op);
  }
}

template <class Op>
bool has(const Look& look) {
  bool found = false;
  for_each<Op>(look, [&](const Op&) { found = true; });
  return found;
}

/// Others use the relation: it is not one that this script has just created.
bool in_use(const Look& look, const std::string& relation);

/// The statement's strongest lock on the relation, in any phase.
std::optional<LockMode> lock_on(const LocksAndWork& work, const std::string& relation);
bool does(const LocksAndWork& work, WorkKind kind, const std::string& relation);
bool does(const LocksAndWork& work, WorkKind kind);
/// Scan, rewrite, index build or update of many rows: time that grows with the table.
bool takes_long(const LocksAndWork& work);
std::vector<std::string> relations_with(const LocksAndWork& work, WorkKind kind);

/// "every query on orders waits", "writes to orders wait, reads go on".
std::string who_waits(LockMode mode, const std::string& relation);

/// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& names);
/// "a, b" for SQL, each quoted where it must be.
std::string column_list(const std::vector<std::string>& names);
/// A name as SQL.
std::string q(std::string_view name);
/// The first words of a text in upper case, for messages: "ALTER TABLE".
bool begins_with(const Statement& statement, std::string_view words);
/// The statement with `addition` put behind the first token that is `word`;
/// unchanged where there is none.
std::string with_behind(std::string_view sql, std::string_view word, std::string_view addition);
/// True if the words follow each other anywhere in the statement, outside quotes.
bool has_words(const Statement& statement, std::string_view words);

}  // namespace midflight::check
