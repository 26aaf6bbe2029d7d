#include "verbs/yaml_words.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace midflight::verbs {

std::string yaml_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else out += c;
  }
  return out + "\"";
}

std::string yaml_word(std::string_view name) {
  constexpr std::array<std::string_view, 8> kMeanings = {"true", "false", "yes", "no", "on", "off", "null", "y"};
  const bool plain = !name.empty() && std::isalpha(static_cast<unsigned char>(name.front())) != 0 &&
                     std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.'; });
  const bool means_more = std::find(kMeanings.begin(), kMeanings.end(), name) != kMeanings.end();
  return plain && !means_more ? std::string(name) : yaml_quoted(name);
}

std::string comment_text(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  return out;
}

}  // namespace midflight::verbs
