#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
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
/// To the table or, of a partitioned one, to its partitions.
bool does_to(const Look& look, WorkKind kind, const std::string& table);
/// Scan, rewrite, index build or update of many rows: time that grows with the table.
bool takes_long(const LocksAndWork& work);
std::vector<std::string> relations_with(const LocksAndWork& work, WorkKind kind);

/// "every query on orders waits", "writes to orders wait, reads go on".
std::string who_waits(LockMode mode, const std::string& relation);

/// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& names);
/// "a, b" for SQL, each quoted where it must be.
std::string column_list(const std::vector<std::string>& names);
/// Of a CREATE INDEX what stands behind the table: method, keys, INCLUDE, WHERE.
std::string behind_table(const Index& index);
/// What an index sorts by, as SQL: its expressions where it has them, else its columns.
std::string index_keys(const Index& index);
/// A type as SQL: one of the user's own that is quoted keeps its quotes.
std::string type_sql(std::string_view type);
/// The statement without the first token that is `word`.
std::string without(std::string_view sql, std::string_view word);
/// A name as SQL.
std::string q(std::string_view name);
/// The statement with `addition` put behind the first token that is `word`;
/// unchanged where there is none.
std::string with_behind(std::string_view sql, std::string_view word, std::string_view addition);
/// "SET lock_timeout = '2s';" and the statement: what a short lock asks for.
std::string with_lock_timeout(const Look& look);
/// Waiting requests stay short, for the session gives up on a lock before long.
bool gives_up_soon(const Timeouts& timeouts);
/// The statement's own words for single pieces of advice: one operation alone.
bool is_single(const Look& look);
/// The tables of the statement's locks that others use; its indexes where it
/// locks nothing else.
std::vector<std::string> locked_in_use(const Look& look, LockMode at_least);
bool is_partitioned(const Look& look, const std::string& table);
bool is_materialized_view(const Look& look, const std::string& table);
/// The constraint, or null.
const Constraint* constraint_called(const Schema& schema, const std::string& table, const std::string& name);

}  // namespace midflight::check
