#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/model/schema.h"
#include "sim/model/statement.h"

namespace midflight::sql {

/// Splits and parses SQL text by PostgreSQL's own grammar.
///
/// `where` is the place of the first character; each statement gets its own.
/// Errors:  Error(BadInput) with the place and what the grammar expected; the
///          text of the first bad statement, never a crash, for any bytes.
/// Threads: safe; the parser keeps its memory per thread.
std::vector<Statement> parse(std::string_view text, const Position& where = {});

/// Exactly one statement.  Errors: as parse(), and for none or several.
Statement parse_one(std::string_view text, const Position& where = {});

/// The SQL of a dump alone: psql's backslash lines and the rows of COPY become
/// blanks, so that every place stays where it was.
std::string without_psql(std::string_view dump);

/// Builds a schema from DDL text, such as the output of pg_dump --schema-only.
/// Statements that do not matter here (SET, COMMENT, GRANT, psql's backslash
/// lines) are skipped.  Errors: parse errors; a statement that does not fit.
Schema schema_from_sql(std::string_view text, const Position& where = {});

}  // namespace midflight::sql
