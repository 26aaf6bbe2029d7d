#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace midflight::sql {

/// Where one statement of a script begins and ends, by its quotes and brackets
/// alone: it need not be PostgreSQL's grammar.
struct StatementText {
  enum class Kind : std::uint8_t { Nothing, Statement, MetaCommand };
  static constexpr std::size_t kNone = std::string_view::npos;

  Kind kind = Kind::Nothing;
  std::size_t begin = 0, end = 0;       ///< without comments around it and semicolon
  std::size_t next = 0;                 ///< where reading goes on
  std::size_t unterminated = kNone;     ///< the quote or comment that took the rest of the text
  std::size_t meta_command = kNone;     ///< a psql line in the middle of the statement
  bool rows_follow = false;             ///< COPY ... FROM stdin
  bool is_sent = true;                  ///< false: ends with \; and is sent together with the next one
  std::vector<std::string_view> comments;
  std::vector<std::pair<std::size_t, std::size_t>> bodies;  ///< dollar quotes inside it, from byte to byte
};

/// The first statement or psql line at or behind `at`.
///
/// Source: PostgreSQL, psql's own splitter (psqlscan): semicolons inside
///         brackets (CREATE RULE) and BEGIN ATOMIC ... END (14) end nothing.
/// Cost:   linear in what is read.
StatementText find_statement(std::string_view text, std::size_t at);

/// The byte behind the rows of COPY: behind a line `\.`; kNone when there is no such line.
std::size_t after_rows(std::string_view text, std::size_t at);

/// A line that looks like the begin of a statement, below a line that ends with
/// a semicolon, inside [from, to) but not in `bodies`: where to go on behind
/// something that cannot be read.  `certain`, a byte that is known to begin
/// one, needs no semicolon above.  Returns: kNone when there is none.
std::size_t next_begin(std::string_view text, const StatementText& inside, std::size_t certain);

}  // namespace midflight::sql
