#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace midflight {

/// Words and quotes of SQL text, for the few places that edit text instead of
/// a parse tree: expressions and view bodies kept as text in a schema.
///
/// Scope: PostgreSQL's lexical rules as far as they matter for finding names;
///        any bytes are accepted, an unterminated quote ends with the text.

enum class SqlTokenKind : unsigned char {
  Word,       ///< a keyword or an unquoted name
  Quoted,     ///< "a quoted name"
  String,     ///< 'text', E'text', $$text$$
  Number,
  Parameter,  ///< $1
  Symbol,     ///< one bracket, comma, dot, semicolon, backslash, cast or a run of operator characters
};

struct SqlToken {
  SqlTokenKind kind = SqlTokenKind::Symbol;
  std::string_view text;  ///< points into the text that was split
};

/// The tokens of a text; blanks and comments are left out.
std::vector<SqlToken> sql_tokens(std::string_view text);

/// The name a Word or Quoted token means, after folding; else empty.
std::string token_name(const SqlToken& token);

/// True for an unquoted word, compared without case.  Requires: `word` in lower case.
bool is_word(const SqlToken& token, std::string_view word);

/// A name as SQL: quoted when it must be.  A dot separates schema and relation.
std::string sql_identifier(std::string_view name);

/// Replaces a column's name wherever the expression reads it; `table` may
/// qualify it.  Output names (AS x), functions and strings stay.
std::string rename_column_in_sql(std::string_view sql, std::string_view table, std::string_view from,
                                 std::string_view to);

/// Replaces a relation's name, alone or as a qualifier.
std::string rename_relation_in_sql(std::string_view sql, std::string_view from, std::string_view to);

/// True when the text names the column as rename_column_in_sql would find it.
bool sql_reads_column(std::string_view sql, std::string_view table, std::string_view column);

}  // namespace midflight
