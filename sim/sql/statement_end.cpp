#include "sim/sql/statement_end.h"

#include <algorithm>
#include <array>

#include "sim/model/sql_lexer.h"
#include "sim/sql/psql.h"

namespace midflight::sql {
namespace {

constexpr std::size_t kNone = StatementText::kNone;

std::size_t line_end(std::string_view text, std::size_t at) { return std::min(text.find_first_of("\r\n", at), text.size()); }

bool is_symbol(const SqlToken& token, char symbol) {
  return token.kind == SqlTokenKind::Symbol && token.text.size() == 1 && token.text[0] == symbol;
}

/// Follows the words of a statement to the bodies in which semicolons end nothing.
class Body {
 public:
  void see(const SqlToken& token) {
    if (is_symbol(token, '(')) ++brackets_;
    if (is_symbol(token, ')') && brackets_ > 0) --brackets_;
    if (token.kind == SqlTokenKind::Word && brackets_ == 0) see_word(token);
    ++words_;
  }
  bool is_open() const { return brackets_ > 0 || blocks_ > 0; }
  bool rows_follow() const { return copy_ && from_stdin_; }

 private:
  void see_word(const SqlToken& token) {
    if (words_ == 0) copy_ = is_word(token, "copy");
    if (words_ < 4) see_head(token);
    if (copy_) see_copy(token);
    if (routine_) see_block(token);
  }
  /// CREATE [OR REPLACE] FUNCTION | PROCEDURE
  void see_head(const SqlToken& token) {
    if (words_ == 0) create_ = is_word(token, "create");
    else if (is_word(token, "function") || is_word(token, "procedure")) routine_ = create_ && (words_ == 1 || words_ == 3);
  }
  void see_copy(const SqlToken& token) {
    // The grammar takes either word for the client's data.
    if (from_) from_stdin_ = from_stdin_ || is_word(token, "stdin") || is_word(token, "stdout");
    from_ = is_word(token, "from");
  }
  void see_block(const SqlToken& token) {
    if (begin_ && is_word(token, "atomic")) ++blocks_;
    if (blocks_ > 0 && is_word(token, "case")) ++blocks_;
    if (blocks_ > 0 && is_word(token, "end")) --blocks_;
    begin_ = is_word(token, "begin");
  }

  std::size_t words_ = 0;
  int brackets_ = 0, blocks_ = 0;
  bool create_ = false, routine_ = false, begin_ = false, copy_ = false, from_ = false, from_stdin_ = false;
};

class Finder {
 public:
  Finder(std::string_view text, std::size_t at) : text_(text), lexer_(text, at) { out_.next = at; }

  StatementText find() {
    for (SqlToken token; lexer_.next(token, true);) {
      if (lexer_.unterminated()) out_.unterminated = offset_in(text_, token.text);
      if (lexer_.is_comment()) out_.comments.push_back(token.text);
      else if (see(token)) return std::move(out_);
    }
    out_.is_sent = true;
    out_.next = text_.size();
    if (out_.unterminated != kNone && out_.kind == Kind::Nothing) begin_at(out_.unterminated, text_.size());
    return std::move(out_);
  }

 private:
  using Kind = StatementText::Kind;

  void begin_at(std::size_t begin, std::size_t end) {
    if (out_.kind == Kind::Nothing) out_.begin = begin;
    out_.kind = Kind::Statement;
    out_.end = end;
  }

  /// Returns: true when the statement has ended.
  bool see(const SqlToken& token) {
    if (is_symbol(token, '\\')) return see_backslash(offset_in(text_, token.text));
    if (is_symbol(token, ';') && !body_.is_open()) return see_semicolon();
    const std::size_t begin = offset_in(text_, token.text);
    begin_at(begin, lexer_.position());
    const bool body = token.kind == SqlTokenKind::String && token.text[0] == '$' && !lexer_.unterminated();
    if (body) out_.bodies.emplace_back(begin, lexer_.position());
    body_.see(token);
    return false;
  }

  bool see_semicolon() {
    out_.next = lexer_.position();
    if (out_.kind == Kind::Nothing) return false;
    out_.rows_follow = body_.rows_follow();
    take_comment_behind();
    return true;
  }

  /// A comment that begins on the statement's last line is about this statement.
  void take_comment_behind() {
    const std::size_t begin = text_.find_first_not_of(" \t", out_.next);
    const std::string_view two = begin == kNone ? "" : text_.substr(begin, 2);
    if (two != "--" && two != "/*") return;
    SqlLexer lexer(text_, begin);
    SqlToken comment;
    if (!lexer.next(comment, true) || lexer.unterminated()) return;
    out_.comments.push_back(comment.text);
    out_.next = lexer.position();
  }

  bool see_backslash(std::size_t at) {
    const std::size_t end = line_end(text_, at);
    const std::string_view line = text_.substr(at, end - at);
    if (line.substr(0, 2) == "\\;") return see_joint(at + 2);
    if (out_.kind == Kind::Nothing) return see_line(line, end);
    if (ends_statement(line)) {
      out_.next = at;  // the line itself comes next
      out_.rows_follow = body_.rows_follow();
      return true;
    }
    if (out_.meta_command == kNone) out_.meta_command = at;
    lexer_ = SqlLexer(text_, end);
    return false;
  }

  /// Ends a statement that waits for the next one to be sent with it.
  bool see_joint(std::size_t behind) {
    lexer_ = SqlLexer(text_, behind);
    out_.next = behind;
    out_.is_sent = false;
    out_.rows_follow = body_.rows_follow();
    return out_.kind == Kind::Statement;
  }

  bool see_line(std::string_view line, std::size_t end) {
    out_.kind = Kind::MetaCommand;
    out_.begin = offset_in(text_, line);
    out_.end = out_.next = end;
    out_.rows_follow = copies_from_stdin(line);
    return true;
  }

  std::string_view text_;
  SqlLexer lexer_;
  Body body_;
  StatementText out_;
};

// The first words of PostgreSQL's statements, for lines that nothing else tells apart.
constexpr std::array kFirstWords = std::to_array<std::string_view>({
    "abort", "alter", "analyze", "begin", "call", "checkpoint", "close", "cluster", "comment", "commit", "copy", "create",
    "deallocate", "declare", "delete", "discard", "do", "drop", "end", "execute", "explain", "fetch", "grant", "import",
    "insert", "listen", "load", "lock", "merge", "move", "notify", "prepare", "reassign", "refresh", "reindex", "release",
    "reset", "revoke", "rollback", "savepoint", "security", "select", "set", "show", "start", "table", "truncate",
    "unlisten", "update", "vacuum", "values", "with"});

std::string_view trimmed(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t\r");
  if (begin == kNone) return "";
  return line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin);
}

bool begins_like_statement(std::string_view line) {
  SqlLexer lexer(line);
  SqlToken token;
  if (!lexer.next(token) || token.kind != SqlTokenKind::Word) return false;
  return std::binary_search(kFirstWords.begin(), kFirstWords.end(), token_name(token));
}

std::string_view without_comment(std::string_view line) {
  const std::size_t comment = line.find(" --");
  return comment == kNone ? line : trimmed(line.substr(0, comment));
}

}  // namespace

StatementText find_statement(std::string_view text, std::size_t at) { return Finder(text, at).find(); }

std::size_t after_rows(std::string_view text, std::size_t at) {
  for (std::size_t line = text.find('\n', at); line != kNone; line = text.find('\n', line + 1)) {
    const std::string_view rest = text.substr(line + 1, 3);
    if (rest.substr(0, 2) == "\\." && (rest.size() == 2 || rest[2] == '\n' || rest[2] == '\r')) return line + 3;
  }
  return kNone;
}

std::size_t next_begin(std::string_view text, const StatementText& inside, std::size_t certain) {
  const std::size_t first = text.rfind('\n', inside.begin) + 1;  // 0 on the first line
  const std::size_t indent = inside.begin - first;
  auto body = inside.bodies.begin();
  bool ended = false;
  for (std::size_t line = first; line < inside.next;) {
    const std::size_t end = std::min(text.find('\n', line), inside.next);
    const std::string_view words = trimmed(text.substr(line, end - line));
    const std::size_t begin = words.empty() ? line : offset_in(text, words);
    while (body != inside.bodies.end() && body->second <= begin) ++body;
    const bool in_body = body != inside.bodies.end() && body->first <= begin;
    const bool may_begin = begin == certain || (ended && begin - line <= indent);
    if (begin > inside.begin && !in_body && may_begin && begins_like_statement(words)) return begin;
    if (!words.empty() && words.substr(0, 2) != "--") ended = without_comment(words).ends_with(';');
    line = end + 1;
  }
  return kNone;
}

}  // namespace midflight::sql
