#pragma once

#include <set>
#include <string>

#include "sim/model/schema.h"
#include "sim/model/statement.h"

namespace midflight::check {

/// Without a schema file, what a migration alters must exist already.  Puts
/// the tables, columns, constraints, indexes and schemas that the statement needs into
/// the schema, so that rules take the worst case and what later statements
/// learn about them is kept.
///
/// `assumed` remembers the tables made up in this way: others of their columns
/// and indexes may exist, so nothing is concluded from their absence.
void assume_what_it_needs(const Statement& statement, Schema& schema, std::set<std::string, std::less<>>& assumed);

}  // namespace midflight::check
