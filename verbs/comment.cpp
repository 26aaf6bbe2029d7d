#include "verbs/comment.h"

#include "sim/io/text_table.h"

namespace midflight::verbs {

namespace {
constexpr std::size_t kWidth = 100;
}

std::string comment(const std::string& sentence, const std::string& lead) {
  if (sentence.empty()) return "";
  std::string lines = lead + io::wrapped(sentence, kWidth - lead.size(), "");
  for (std::size_t at = 0; (at = lines.find('\n', at)) != std::string::npos; at += 1 + lead.size()) lines.insert(at + 1, lead);
  return lines + "\n";
}

}  // namespace midflight::verbs
