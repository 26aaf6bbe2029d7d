#include "sim/model/sql_lexer.h"

#include <algorithm>
#include <array>

namespace midflight {
namespace {

enum : unsigned char { kSpace = 1, kWordStart = 2, kDigit = 4, kOperator = 8 };

constexpr std::array<unsigned char, 256> character_kinds() {
  std::array<unsigned char, 256> kinds{};
  for (const char c : {' ', '\t', '\n', '\r', '\f', '\v'}) kinds[static_cast<unsigned char>(c)] = kSpace;
  for (unsigned c = 0; c < 256; ++c) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80) kinds[c] = kWordStart;
    if (c >= '0' && c <= '9') kinds[c] = kDigit;
  }
  for (const char c : std::string_view("+-*/<>=~!@#%^&|`?")) kinds[static_cast<unsigned char>(c)] = kOperator;
  return kinds;
}

constexpr std::array<unsigned char, 256> kKinds = character_kinds();

bool is(char c, unsigned kinds) { return (kKinds[static_cast<unsigned char>(c)] & kinds) != 0; }
bool word_part(char c) { return is(c, kWordStart | kDigit) || c == '$'; }

std::size_t line_end(std::string_view text, std::size_t at) { return std::min(text.find_first_of("\n\r", at), text.size()); }

}  // namespace

bool SqlLexer::next(SqlToken& token, bool comments) {
  unterminated_ = false;
  for (skip_spaces(); at_ < text_.size(); skip_spaces()) {
    const std::size_t begin = at_;
    is_comment_ = take_comment();
    if (is_comment_ && !comments && !unterminated_) continue;
    const SqlTokenKind kind = is_comment_ ? SqlTokenKind::Symbol : take();
    token = {kind, text_.substr(begin, at_ - begin)};
    return !is_comment_ || comments;
  }
  return false;
}

void SqlLexer::skip_spaces() {
  while (at_ < text_.size() && is(text_[at_], kSpace)) ++at_;
}

bool SqlLexer::take_comment() {
  if (starts("--")) at_ = line_end(text_, at_);
  else if (starts("/*")) block_comment();
  else return false;
  return true;
}

void SqlLexer::block_comment() {
  int depth = 0;
  do {
    at_ = std::min(text_.find_first_of("/*", at_), text_.size());
    if (starts("/*")) { ++depth; at_ += 2; }
    else if (starts("*/")) { --depth; at_ += 2; }
    else { ++at_; }
  } while (depth > 0 && at_ < text_.size());
  at_ = std::min(at_, text_.size());
  unterminated_ = depth > 0;
}

SqlTokenKind SqlLexer::take() {
  const char c = peek();
  if (c == '\'') return quoted('\'', false, SqlTokenKind::String);
  if (c == '"') return quoted('"', false, SqlTokenKind::Quoted);
  if (is(c, kWordStart)) return word();
  if (is(c, kDigit) || (c == '.' && is(peek(1), kDigit))) return number();
  if (c == '$') return dollar();
  if (starts("::") || starts(":=")) at_ += 2;
  else if (is(c, kOperator)) operators();
  else ++at_;
  return SqlTokenKind::Symbol;
}

void SqlLexer::operators() {
  do ++at_; while (is(peek(), kOperator) && !starts("--") && !starts("/*"));
}

SqlTokenKind SqlLexer::word() {
  if (peek(1) == '\'' && std::string_view("eEbBxXnN").find(peek()) != std::string_view::npos) {
    const bool escapes = peek() == 'e' || peek() == 'E';
    ++at_;
    return quoted('\'', escapes, SqlTokenKind::String);
  }
  while (at_ < text_.size() && word_part(text_[at_])) ++at_;
  return SqlTokenKind::Word;
}

/// A dollar is no part of a number: 1$$ begins a quote.
SqlTokenKind SqlLexer::number() {
  while (is(peek(), kWordStart | kDigit) || peek() == '.') ++at_;
  return SqlTokenKind::Number;
}

SqlTokenKind SqlLexer::quoted(char quote, bool escapes, SqlTokenKind kind) {
  to_quote(quote, escapes);
  while (escapes && !unterminated_ && continues_below()) to_quote(quote, escapes);
  return kind;
}

/// From an opening quote to behind its closing one; a doubled quote closes nothing.
void SqlLexer::to_quote(char quote, bool escapes) {
  const char stops[] = {quote, '\\'};
  for (++at_;;) {
    at_ = escapes ? text_.find_first_of(std::string_view(stops, 2), at_) : text_.find(quote, at_);
    if (at_ == std::string_view::npos) break;
    if (text_[at_] == '\\' || peek(1) == quote) { at_ += 2; continue; }
    ++at_;
    return;
  }
  at_ = text_.size();
  unterminated_ = true;
}

/// A string goes on in the next quote when a new line stands between them; its
/// backslashes then still escape.  Moves to that quote.
bool SqlLexer::continues_below() {
  const std::size_t end = at_;
  bool new_line = false;
  for (;;) {
    while (is(peek(), kSpace)) new_line = new_line || peek() == '\n' || peek() == '\r', ++at_;
    if (!starts("--")) break;
    at_ = line_end(text_, at_);
  }
  if (new_line && peek() == '\'') return true;
  at_ = end;
  return false;
}

SqlTokenKind SqlLexer::dollar() {
  std::size_t end = at_ + 1;
  if (end < text_.size() && is(text_[end], kDigit)) {
    while (end < text_.size() && is(text_[end], kDigit)) ++end;
    at_ = end;
    return SqlTokenKind::Parameter;
  }
  while (end < text_.size() && is(text_[end], kWordStart | kDigit)) ++end;
  if (end >= text_.size() || text_[end] != '$') { ++at_; return SqlTokenKind::Symbol; }
  const std::string_view tag = text_.substr(at_, end + 1 - at_);
  const std::size_t close = text_.find(tag, end + 1);
  unterminated_ = close == std::string_view::npos;
  at_ = unterminated_ ? text_.size() : close + tag.size();
  return SqlTokenKind::String;
}

}  // namespace midflight
