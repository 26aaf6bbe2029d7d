#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/model/operation.h"

namespace midflight::sql {

/// Words of PostgreSQL 16 to 18, which the parser's grammar (15) does not have.

/// What the older words leave unsaid, and restore_meaning() puts back.
struct Unsaid {
  enum class Kind : std::uint8_t {
    ComputedOnRead,  ///< the generated column `name` is VIRTUAL
    NotNull,         ///< the CHECK that proves column `name` is a NOT NULL constraint
    Expression,      ///< the default of column `name` is its new generation expression
    Inherited,       ///< the constraint `name` becomes one of the tables below, or ceases to be
    Enforced,        ///< the constraint `name` is looked at from now on
    Only,            ///< the relation `name` without its partitions
  };
  Kind kind = Kind::ComputedOnRead;
  std::string name;
};

struct OlderWords {
  std::string sql;      ///< what the older grammar reads with the same effect; empty: nothing does
  int since = 0;        ///< the first major version with this syntax; 0: none released yet
  std::string why_not;  ///< of an empty `sql`: what the statement says that nobody here follows
  std::vector<Unsaid> unsaid;
};

/// One statement, said in words of version 15.
/// Requires: the grammar has refused the text.
/// Returns:  nothing when no newer syntax is in it: then it is a mistake.
/// Scope:    DDL in full as far as it is listed in newer_syntax.cpp; of queries, what
///           can be left out without a change of locks; SQL/JSON is only named.
std::optional<OlderWords> older_words(std::string_view sql);

/// "SQL/JSON is new in PostgreSQL 17": why a statement without older words is not understood.
std::string newer_reason(const OlderWords& words);

/// Turns operations read from the older words into what the statement meant.
void restore_meaning(const std::vector<Unsaid>& unsaid, std::vector<Operation>& operations);

}  // namespace midflight::sql
