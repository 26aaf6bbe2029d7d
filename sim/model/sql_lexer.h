#pragma once

#include <cstddef>
#include <string_view>

#include "sim/model/sql_text.h"

namespace midflight {

/// Reads SQL text token by token, without keeping what it has read.
///
/// Source: PostgreSQL's lexical rules (manual, "Lexical Structure"): E'' with
///         backslashes and continued on the next line, "names", $tag$ quotes,
///         nested comments, comments that end with any kind of line.
/// Scope:  standard_conforming_strings is on; any bytes are accepted.
/// Cost:   each byte is looked at once; nothing is allocated.
class SqlLexer {
 public:
  explicit SqlLexer(std::string_view text, std::size_t at = 0) : text_(text), at_(at) {}

  /// Reads the next token or, if asked for, the next comment.  Returns: false at the end.
  bool next(SqlToken& token, bool comments = false);

  /// The byte behind what was read last.
  std::size_t position() const { return at_; }
  /// True when the quote or comment read last has no end: it took all the text.
  bool unterminated() const { return unterminated_; }
  /// True when what was read last is a comment.
  bool is_comment() const { return is_comment_; }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool starts(std::string_view with) const { return text_.substr(at_, with.size()) == with; }
  void skip_spaces();
  bool take_comment();
  void block_comment();
  SqlTokenKind take();
  SqlTokenKind word();
  SqlTokenKind number();
  SqlTokenKind dollar();
  SqlTokenKind quoted(char quote, bool escapes, SqlTokenKind kind);
  void to_quote(char quote, bool escapes);
  bool continues_below();
  void operators();

  std::string_view text_;
  std::size_t at_ = 0;
  bool unterminated_ = false, is_comment_ = false;
};

/// Where a text's byte stands: 0 for the first.  Requires: `part` points into `text`.
inline std::size_t offset_in(std::string_view text, std::string_view part) {
  return static_cast<std::size_t>(part.data() - text.data());
}

}  // namespace midflight
