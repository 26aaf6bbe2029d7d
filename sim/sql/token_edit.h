#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "sim/model/sql_text.h"

namespace midflight::sql {

/// One statement's text as tokens, with replacements to be made in it.
///
/// Quotes, comments and dollar quotes are one token or none, so that no word is
/// found inside them.  A place behind the last token has no word on it.
class TokenEdit {
 public:
  /// Requires: `sql` lives as long as this.
  explicit TokenEdit(std::string_view sql);

  std::size_t size() const { return tokens_.size(); }
  std::string_view text(std::size_t i) const { return tokens_[i].text; }
  bool word(std::size_t i, std::string_view lower) const;
  bool words(std::size_t i, std::initializer_list<std::string_view> lower) const;
  bool symbol(std::size_t i, std::string_view text) const;
  bool is_number(std::size_t i) const;
  /// True for a quoted name, or an unquoted word.
  bool is_name(std::size_t i) const;
  /// The name after folding, and with its schema: "c", "audit.log".
  std::string name(std::size_t i) const;
  std::string dotted_name(std::size_t i) const;
  /// True if no blank stands between a token and the next.
  bool touches(std::size_t i) const;

  /// How many brackets are open around the token.
  int depth(std::size_t i) const { return depths_[i]; }
  /// The bracket that closes the one at `i`; the last token if none does.
  std::size_t closing(std::size_t i) const;
  /// True at the first word of a column or constraint definition: behind
  /// the bracket of CREATE TABLE, a comma, or ADD.
  bool begins_element(std::size_t i) const;
  /// The first word of the definition or sub-command around `i`.
  std::size_t element_begin(std::size_t i) const;
  /// The column's name in the definition around `i`, behind ADD COLUMN IF NOT EXISTS.
  std::size_t element_name(std::size_t i) const;

  void replace(std::size_t first, std::size_t count, std::string with);
  void insert_behind(std::size_t i, std::string with);
  bool changed() const { return !edits_.empty(); }
  /// The text with all replacements.
  std::string text() const;

 private:
  struct Edit { std::size_t begin, end; std::string with; };
  std::size_t begin_of(std::size_t i) const;
  std::size_t end_of(std::size_t i) const { return begin_of(i) + tokens_[i].text.size(); }

  std::string_view sql_;
  std::vector<SqlToken> tokens_;
  std::vector<int> depths_;
  std::vector<Edit> edits_;
};

}  // namespace midflight::sql
