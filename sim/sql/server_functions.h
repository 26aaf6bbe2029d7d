#pragma once

#include <string_view>

namespace midflight::sql {

/// True for what the server brings: a function, an aggregate, or a word that the
/// grammar writes like one (COALESCE, EXTRACT, XMLELEMENT).  `name` is folded and
/// without a schema.
///
/// Scope: functions that run SQL given as text (query_to_xml) or work on the
///        relation they are given (brin_summarize_range) are left out: what they do is not seen.
bool is_server_function(std::string_view name);

/// True for a function whose value may differ from row to row: PostgreSQL's own, and
/// those of uuid-ossp and pgcrypto.  A function nobody knows counts as stable.
/// Scope: of functions that share a name, all must be volatile.
bool is_volatile_function(std::string_view name);

/// The list behind both, separated by blanks; "!" behind a volatile one.
extern const char* const kServerFunctionNames;

}  // namespace midflight::sql
