#include "sim/sql/nesting.h"

#include <string>
#include <unordered_map>
#include <vector>

#include "sim/model/sql_text.h"
#include "sim/sql/tree.h"

namespace midflight::sql {
namespace {

// Seen to be safe with room to spare on the usual 8 MB stack; the deepest
// statement of a real migration stays below 100.
constexpr int kDepthMax = 1500;

/// How many levels of the tree one token may add below its predecessor.
int levels(const SqlToken& token) {
  if (token.kind == SqlTokenKind::Symbol) return token.text == "." ? 0 : 1;
  if (token.kind != SqlTokenKind::Word || token.text.size() > 9) return 0;
  static const std::unordered_map<std::string, int> kLevels = {
      {"select", 4}, {"values", 4}, {"join", 4}, {"not", 1}, {"is", 1}, {"in", 1}, {"like", 1}, {"ilike", 1},
      {"case", 1}, {"when", 1}, {"union", 1}, {"except", 1}, {"intersect", 1}, {"collate", 1}, {"at", 1},
      {"between", 1}, {"similar", 1}, {"isnull", 1}, {"notnull", 1}, {"with", 1}};
  const auto found = kLevels.find(token_name(token));
  return found == kLevels.end() ? 0 : found->second;
}

bool one_of(std::string_view text, std::string_view characters) {
  return text.size() == 1 && characters.find(text[0]) != std::string_view::npos;
}

std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

bool valid_sequence(std::string_view text, std::size_t at, std::size_t length) {
  if (length == 0 || at + length > text.size()) return false;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80U) return false;
  }
  return true;
}

}  // namespace

void check_nesting(std::string_view text, const Position& where) {
  std::vector<int> open = {0};  // levels since the last comma, one entry per open bracket
  int depth = 0;
  for (const SqlToken& token : sql_tokens(text)) {
    if (token.kind == SqlTokenKind::Symbol && one_of(token.text, ",;)]")) {
      if (token.text != "," && token.text != ";" && open.size() > 1) {
        depth -= open.back();
        open.pop_back();
        continue;
      }
      depth -= open.back();
      open.back() = 0;
      continue;
    }
    const int more = levels(token);
    depth += more;
    open.back() += more;
    if (token.kind == SqlTokenKind::Symbol && one_of(token.text, "([")) open.push_back(0);
    if (depth > kDepthMax) {
      throw Error(ErrorCode::BadInput, "the statement nests too deeply",
                  position_in(text, static_cast<std::size_t>(token.text.data() - text.data()), where));
    }
  }
}

std::size_t first_not_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(static_cast<unsigned char>(text[at]));
    if (!valid_sequence(text, at, length)) return at;
    at += length;
  }
  return std::string_view::npos;
}

void check_encoding(std::string_view text, const Position& where) {
  const std::size_t wrong = first_not_utf8(text);
  if (wrong == std::string_view::npos) return;
  throw Error(ErrorCode::BadInput, "the SQL text is not UTF-8", position_in(text, wrong, where));
}

std::size_t after_comment(std::string_view text, std::size_t at) {
  int depth = 0;
  while (at < text.size()) {
    const std::string_view two = text.substr(at, 2);
    if (two == "/*") { ++depth; at += 2; }
    else if (two == "*/") { at += 2; if (--depth == 0) return at; }
    else { ++at; }
  }
  return text.size();
}

}  // namespace midflight::sql
