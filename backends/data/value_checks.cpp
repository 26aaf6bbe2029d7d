#include "backends/data/value_checks.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <regex>

#include "backends/data/words.h"
#include "sim/model/sql_text.h"

namespace midflight::backends {
namespace {

/// What people check text for: a name, an address, a number, a telephone number, a link, a code.
constexpr std::array<std::array<const char*, 2>, 7> kShapes = {
    {{"x", ""}, {"x", "@example.com"}, {"", ""}, {"+", ""}, {"https://example.com/", ""}, {"X", ""}, {"#", ""}}};
constexpr std::array<const char*, 3> kAnyNumbers = {"1", "100123", "1099999999"};  // of rows, and of what clients write
constexpr int kDigitsMost = 10;

/// A pattern of LIKE as a regular expression.
std::string like_pattern(const std::string& like) {
  std::string out = "^";
  for (const char c : like) {
    if (c == '%') out += ".*";
    else if (c == '_') out += '.';
    else out += (std::isalnum(static_cast<unsigned char>(c)) != 0 ? "" : "\\") + std::string(1, c);
  }
  return out + "$";
}

struct Pattern {
  std::string text;
  bool any_case = false;
};

class Reader {
 public:
  explicit Reader(ValueKind kind) : kind_(kind) {}

  void read(const std::string& expression) {
    tokens_ = sql_tokens(expression);
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (tokens_[i].kind == SqlTokenKind::Number) number(i);
      if (tokens_[i].kind == SqlTokenKind::String && kind_ == ValueKind::Text) text(i);
    }
  }

  ValueChecks take() {
    choose_shape();
    return std::move(found_);
  }

 private:
  /// The token before number i and its brackets and sign; none: an empty one.
  SqlToken before(std::size_t i, bool& negative) const {
    negative = false;
    while (i-- > 0) {
      if (tokens_[i].text == "-") negative = true;
      else if (tokens_[i].text != "(") return tokens_[i];
    }
    return {};
  }

  void number(std::size_t i) {
    bool negative = false;
    const SqlToken token = before(i, negative);
    const std::string_view sign = token.text;
    const std::int64_t bound = (negative ? -1 : 1) * std::strtoll(std::string(tokens_[i].text).c_str(), nullptr, 10);
    const bool ends = between_ && is_word(token, "and");
    between_ = is_word(token, "between");
    if (sign == ">" || sign == ">=" || between_) at_least(bound + (sign == ">" ? 1 : 0));
    if (sign == "<" || sign == "<=" || ends) at_most(bound - (sign == "<" ? 1 : 0));
  }

  void at_least(std::int64_t bound) { found_.low = std::max(found_.low.value_or(bound), bound); }
  void at_most(std::int64_t bound) { found_.high = std::min(found_.high.value_or(bound), bound); }

  void text(std::size_t i) {
    const std::string literal = literal_text(tokens_[i].text);
    const std::string_view sign = i > 0 ? tokens_[i - 1].text : "";
    const bool after_cast = sign == "::";
    if (sign == "<>" || sign == "!=" || sign == "!~" || sign == "!~*" || sign == "!~~" || after_cast) return;
    const bool any_case = sign.ends_with('*') || (i > 0 && is_word(tokens_[i - 1], "ilike"));
    if (sign == "~" || sign == "~*") patterns_.push_back({literal, any_case});
    else if (sign == "~~" || sign == "~~*" || (i > 0 && (is_word(tokens_[i - 1], "like") || is_word(tokens_[i - 1], "ilike")))) {
      const bool unwanted = i > 1 && is_word(tokens_[i - 2], "not");
      if (!unwanted) patterns_.push_back({like_pattern(literal), any_case});
    } else {
      found_.literals.push_back(literal);
    }
  }

  void choose_shape() {
    if (patterns_.empty()) return;
    for (int digits : {0, kDigitsMost, 9, 8, 7, 6, 5, 4, 3, 2, 1}) {
      for (const auto& [prefix, suffix] : kShapes) {
        if (!all_match(prefix, suffix, digits)) continue;
        found_.prefix = prefix, found_.suffix = suffix, found_.shaped = true, found_.digits = digits;
        return;
      }
    }
  }

  bool all_match(const std::string& prefix, const std::string& suffix, int digits) const {
    const auto good = [&](const std::string& number) { return matches(prefix + number + suffix); };
    if (digits == 0) return std::all_of(kAnyNumbers.begin(), kAnyNumbers.end(), good);
    const auto more = static_cast<std::size_t>(digits - 1);
    return good("1" + std::string(more, '0')) && good(std::string(more + 1, '9')) && good("1" + std::string("234567890").substr(0, more));
  }

  bool matches(const std::string& text) const {
    return std::all_of(patterns_.begin(), patterns_.end(), [&](const Pattern& pattern) {
      try {
        const auto flags = std::regex::ECMAScript;
        return std::regex_search(text, std::regex(pattern.text, pattern.any_case ? flags | std::regex::icase : flags));
      } catch (const std::regex_error&) {  // PostgreSQL knows more of them
        return false;
      }
    });
  }

  ValueKind kind_;
  ValueChecks found_;
  std::vector<SqlToken> tokens_;
  std::vector<Pattern> patterns_;
  bool between_ = false;  ///< the last number was the lower one of BETWEEN
};

}  // namespace

ValueChecks value_checks(const std::vector<Constraint>& checks, ValueKind kind) {
  Reader reader(kind);
  for (const Constraint& check : checks) reader.read(check.expression);
  return reader.take();
}

}  // namespace midflight::backends
