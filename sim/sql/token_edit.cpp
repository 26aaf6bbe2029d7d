#include "sim/sql/token_edit.h"

#include <algorithm>

namespace midflight::sql {

TokenEdit::TokenEdit(std::string_view sql) : sql_(sql), tokens_(sql_tokens(sql)) {
  while (!tokens_.empty() && tokens_.back().text == ";") tokens_.pop_back();
  int depth = 0;
  for (const SqlToken& token : tokens_) {
    if (token.kind == SqlTokenKind::Symbol && token.text == ")") --depth;
    depths_.push_back(depth);
    if (token.kind == SqlTokenKind::Symbol && token.text == "(") ++depth;
  }
}

bool TokenEdit::word(std::size_t i, std::string_view lower) const {
  return i < tokens_.size() && is_word(tokens_[i], lower);
}

bool TokenEdit::words(std::size_t i, std::initializer_list<std::string_view> lower) const {
  return std::all_of(lower.begin(), lower.end(), [&](std::string_view w) { return word(i++, w); });
}

bool TokenEdit::symbol(std::size_t i, std::string_view text) const {
  return i < tokens_.size() && tokens_[i].kind == SqlTokenKind::Symbol && tokens_[i].text == text;
}

bool TokenEdit::is_number(std::size_t i) const { return i < tokens_.size() && tokens_[i].kind == SqlTokenKind::Number; }

bool TokenEdit::is_name(std::size_t i) const {
  return i < tokens_.size() && (tokens_[i].kind == SqlTokenKind::Word || tokens_[i].kind == SqlTokenKind::Quoted);
}

std::string TokenEdit::name(std::size_t i) const { return i < tokens_.size() ? token_name(tokens_[i]) : ""; }

std::string TokenEdit::dotted_name(std::size_t i) const {
  if (!symbol(i + 1, ".") || !is_name(i + 2)) return name(i);
  return name(i) == "public" ? name(i + 2) : name(i) + "." + name(i + 2);
}

bool TokenEdit::touches(std::size_t i) const { return i + 1 < tokens_.size() && end_of(i) == begin_of(i + 1); }

std::size_t TokenEdit::closing(std::size_t i) const {
  for (std::size_t k = i + 1; k < tokens_.size(); ++k) {
    if (symbol(k, ")") && depths_[k] == depths_[i]) return k;
  }
  return tokens_.size() - 1;
}

bool TokenEdit::begins_element(std::size_t i) const {
  if (i == 0) return false;
  if (word(i - 1, "add")) return true;
  return word(0, "create") && depths_[i] == 1 && (symbol(i - 1, ",") || symbol(i - 1, "("));
}

std::size_t TokenEdit::element_begin(std::size_t i) const {
  for (std::size_t k = i; k > 0; --k) {
    if (begins_element(k) || (depths_[k] == 0 && word(k, "alter"))) return k;
  }
  return 0;
}

std::size_t TokenEdit::element_name(std::size_t i) const {
  std::size_t at = element_begin(i);
  if (word(at, "column")) ++at;
  if (words(at, {"if", "not", "exists"})) at += 3;
  return at;
}

void TokenEdit::replace(std::size_t first, std::size_t count, std::string with) {
  if (count == 0 || first + count > tokens_.size()) return;
  edits_.push_back({begin_of(first), end_of(first + count - 1), std::move(with)});
}

void TokenEdit::insert_behind(std::size_t i, std::string with) { edits_.push_back({end_of(i), end_of(i), std::move(with)}); }

std::string TokenEdit::text() const {
  std::vector<Edit> edits = edits_;
  std::stable_sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
  std::string out;
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    if (edit.begin < at) continue;  // inside what is replaced already
    out.append(sql_.substr(at, edit.begin - at)).append(edit.with);
    at = edit.end;
  }
  return out.append(sql_.substr(at));
}

std::size_t TokenEdit::begin_of(std::size_t i) const { return static_cast<std::size_t>(tokens_[i].text.data() - sql_.data()); }

}  // namespace midflight::sql
