#include "sim/sql/sqlite_print.h"

#include <vector>

#include "sim/model/sql_text.h"

namespace midflight::sql {
namespace {

/// E'a\\b' as 'a\b'.
std::string plain_string(std::string_view text) {
  if (text.front() == '\'') return std::string(text);
  std::string out;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

class Printer {
 public:
  explicit Printer(std::string_view sql) : sql_(sql), tokens_(sql_tokens(sql)) {}

  std::string text() {
    while (at_ < tokens_.size()) {
      gap(at_);
      const std::size_t taken = special();
      if (taken == 0) out_.append(tokens_[at_].text);
      at_ += taken == 0 ? 1 : taken;
    }
    return out_;
  }

 private:
  bool word(std::size_t i, std::string_view text) const { return i < tokens_.size() && is_word(tokens_[i], text); }
  bool symbol(std::size_t i, std::string_view text) const {
    return i < tokens_.size() && tokens_[i].kind == SqlTokenKind::Symbol && tokens_[i].text == text;
  }

  /// The blanks between the token and the one before it.
  void gap(std::size_t i) {
    if (i == 0) return;
    const char* end = tokens_[i - 1].text.data() + tokens_[i - 1].text.size();
    out_.append(end, static_cast<std::size_t>(tokens_[i].text.data() - end));
  }

  /// Prints what differs.  Returns: the number of tokens it stands for.
  std::size_t special() {
    const SqlToken& token = tokens_[at_];
    if (token.kind == SqlTokenKind::Parameter) return put(std::string("?").append(token.text.substr(1)), 1);
    if (token.kind == SqlTokenKind::String) return put(plain_string(token.text), 1);
    if (word(at_, "is") && word(at_ + 1, "distinct")) return put("IS NOT", 3);
    if (word(at_, "is") && word(at_ + 1, "not") && word(at_ + 2, "distinct")) return put("IS", 4);
    if (word(at_, "greatest") && symbol(at_ + 1, "(")) return put("max", 1);
    if (word(at_, "least") && symbol(at_ + 1, "(")) return put("min", 1);
    if (const std::size_t taken = brackets(); taken > 0) return taken;
    return alias();
  }

  std::size_t brackets() {
    if (word(at_, kCastMarker)) {
      casts_.push_back(true);
      return put("CAST(", 2);
    }
    if (symbol(at_, "(")) casts_.push_back(false);
    if (symbol(at_, ")") && !casts_.empty()) casts_.pop_back();
    const bool type = symbol(at_, ",") && !casts_.empty() && casts_.back() && symbol(at_ + 2, ")") &&
                      tokens_[at_ + 1].kind == SqlTokenKind::String;
    if (!type) return 0;
    const std::string_view quoted = tokens_[at_ + 1].text;
    return put(std::string(" AS ").append(quoted.substr(1, quoted.size() - 2)), 2);
  }

  /// UPDATE t u SET and DELETE FROM t u WHERE need an AS.
  std::size_t alias() {
    const bool update = at_ == 1 && word(0, "update");
    const bool remove = at_ == 2 && word(0, "delete");
    const bool follows = at_ + 1 < tokens_.size() && !token_name(tokens_[at_ + 1]).empty();
    if (!(update || remove) || !follows) return 0;
    for (const char* next : {"set", "where", "returning", "as"}) {
      if (word(at_ + 1, next)) return 0;
    }
    return put(std::string(tokens_[at_].text) + " AS", 1);
  }

  std::size_t put(const std::string& text, std::size_t tokens) {
    out_ += text;
    return tokens;
  }

  std::string_view sql_;
  std::vector<SqlToken> tokens_;
  std::size_t at_ = 0;
  std::vector<bool> casts_;
  std::string out_;
};

}  // namespace

std::string sqlite_print(std::string_view sql) { return Printer(sql).text(); }

}  // namespace midflight::sql
