#include "sim/check/ignores.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/check/rule.h"

namespace midflight::check {
namespace {

constexpr std::string_view kMark = "midflight:";
constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

/// The next word, taken from the front of the text.
std::string_view take_word(std::string_view& text) {
  text = trimmed(text);
  const std::size_t end = std::min(text.find_first_of(kBlanks), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

std::string_view without_comment_end(std::string_view line) {
  const std::size_t end = line.find("*/");
  return end == std::string_view::npos ? line : line.substr(0, end);
}

void add(std::vector<Finding>& findings, const Span& where, std::string_view rule, std::string message) {
  findings.push_back({std::string(rule), Severity::Caution, where, std::move(message), "", std::nullopt});
}

void judge(const Ignore& ignore, const Span& where, std::vector<Finding>& findings) {
  if (rule_called(ignore.rule) == nullptr) {
    add(findings, where, "ignore-unknown", fmt::format("\"{}\" is no rule; midflight check --rules lists them.", ignore.rule));
  } else if (ignore.reason.empty()) {
    add(findings, where, "ignore-without-reason",
        fmt::format("Say why {} does not matter here, behind the name of the rule.", ignore.rule));
  } else if (!ignore.used) {
    add(findings, where, "ignore-unused", fmt::format("{} has nothing to say here; take the comment out.", ignore.rule));
  }
}

}  // namespace

std::vector<Ignore> ignores_in(std::string_view comments) {
  std::vector<Ignore> out;
  for (std::size_t at = comments.find(kMark); at != std::string_view::npos; at = comments.find(kMark, at + 1)) {
    const std::size_t end = std::min(comments.find('\n', at), comments.size());
    std::string_view rest = without_comment_end(comments.substr(at + kMark.size(), end - at - kMark.size()));
    if (take_word(rest) != "ignore") continue;
    const std::string_view rule = take_word(rest);
    out.push_back({std::string(rule), std::string(trimmed(rest))});
  }
  return out;
}

int silence(std::vector<Finding>& findings, std::vector<Ignore> ignores, const Span& where) {
  if (ignores.empty()) return 0;
  const auto is_silenced = [&](const Finding& finding) {
    bool any = false;
    for (Ignore& ignore : ignores) {
      if (ignore.rule != finding.rule) continue;
      ignore.used = true;
      any = any || !ignore.reason.empty();
    }
    return any;
  };
  const auto gone = std::erase_if(findings, is_silenced);
  for (const Ignore& ignore : ignores) judge(ignore, where, findings);
  return static_cast<int>(gone);
}

}  // namespace midflight::check
