#include "sim/check/statement_words.h"

#include <algorithm>

namespace midflight::check {
namespace {

constexpr std::size_t kBytesLooked = 20'000;

/// Takes the first word off a text of words separated by one blank.
std::string_view take(std::string_view& words) {
  const std::size_t end = std::min(words.find(' '), words.size());
  const std::string_view word = words.substr(0, end);
  words.remove_prefix(std::min(end + 1, words.size()));
  return word;
}

std::size_t count(std::string_view words) {
  return static_cast<std::size_t>(std::count(words.begin(), words.end(), ' ')) + 1;
}

bool is_stepped_over(const SqlToken& token) {
  for (const std::string_view word : {"if", "not", "exists", "only", "concurrently", "table"}) {
    if (is_word(token, word)) return true;
  }
  return false;
}

}  // namespace

Words::Words(std::string_view sql) : tokens_(sql_tokens(sql.substr(0, kBytesLooked))) {}

bool Words::follow(std::size_t at, std::string_view words) const {
  for (; !words.empty(); ++at) {
    const std::string_view word = take(words);
    if (at >= tokens_.size() || (!is_word(tokens_[at], word) && tokens_[at].text != word)) return false;
  }
  return true;
}

std::size_t Words::find(std::string_view words) const {
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    if (follow(i, words)) return i;
  }
  return kNone;
}

std::size_t Words::behind(std::string_view words) const {
  std::size_t at = find(words);
  if (at == kNone) return tokens_.size();
  at += count(words);
  while (at < tokens_.size() && is_stepped_over(tokens_[at])) ++at;
  return at;
}

std::string Words::name_at(std::size_t& at) const {
  if (at >= tokens_.size()) return "";
  std::string name = token_name(tokens_[at++]);
  while (at + 1 < tokens_.size() && tokens_[at].text == ".") {
    const std::string last = token_name(tokens_[at + 1]);
    name = name == "public" ? last : name + "." + last;
    at += 2;
  }
  return name;
}

std::string Words::name_behind(std::string_view words) const {
  std::size_t at = behind(words);
  return name_at(at);
}

std::vector<std::string> Words::names_behind(std::string_view words) const {
  std::vector<std::string> names;
  for (std::size_t at = behind(words); at < tokens_.size();) {
    if (is_word(tokens_[at], "only")) ++at;
    std::string name = name_at(at);
    if (name.empty()) break;
    names.push_back(std::move(name));
    if (at < tokens_.size() && tokens_[at].text == "*") ++at;
    if (at >= tokens_.size() || tokens_[at].text != ",") break;
    ++at;
  }
  return names;
}

}  // namespace midflight::check
