#include "sim/check/pages.h"

#include <fmt/format.h>

#include "sim/check/examples.h"

namespace midflight::check {
namespace {

std::string how_it_runs(const Rule& rule) {
  if (!rule.framework.empty()) return fmt::format(" (a file of {}'s)", rule.framework);
  return rule.wrapping == Wrapping::OneTransaction ? " (the whole file in one transaction)" : "";
}

std::string example(std::string_view title, std::string_view sql, const Rule& rule) {
  if (sql.empty()) return "";
  return fmt::format("## {}{}\n\n```sql\n{}\n```\n\n", title, how_it_runs(rule), sql);
}

std::string also(const Rule& rule) {
  std::string out;
  for (const std::string_view other : rule.also) out += fmt::format("{}[{}]({}.md)", out.empty() ? "" : ", ", other, other);
  return out.empty() ? out : fmt::format("This script also shows {}.\n\n", out);
}

std::string index() {
  std::string out =
      "# The rules of `midflight check`\n\n"
      "Written from the records in `sim/check/rules`; `script/update-expected` writes them anew. How to run the check, silence a\n"
      "rule and put it into a pipeline is in [check.md](../check.md).\n\n"
      "| rule | severity | what is found |\n|---|---|---|\n";
  for (const Rule& rule : rules()) {
    out += fmt::format("| [{0}]({0}.md) | {1} | {2} |\n", rule.id, severity_name(rule.severity), rule.title);
  }
  return out + fmt::format("\nThe examples change this schema:\n\n```sql\n{}```\n", example_schema());
}

}  // namespace

std::string rule_page_text(const Rule& rule) {
  std::string out = fmt::format("# {}\n\n{}. Severity: {}", rule.id, rule.title, severity_name(rule.severity));
  if (rule.since > 12) out += fmt::format(", from PostgreSQL {} on", rule.since);
  out += fmt::format(".\n\n## What happens\n\n{}\n\n## Instead\n\n{}\n\n", rule.what, rule.instead);
  out += example("Found here", rule.bad, rule) + also(rule) + example("Not here", rule.good, rule);
  out += fmt::format("To keep it where it does no harm, say why in a comment before the statement:\n\n"
                     "```sql\n-- midflight: ignore {} why it does no harm here\n```\n\n[All rules](README.md)\n", rule.id);
  return out;
}

std::map<std::string, std::string> rule_pages() {
  std::map<std::string, std::string> pages;
  pages["README.md"] = index();
  for (const Rule& rule : rules()) pages[fmt::format("{}.md", rule.id)] = rule_page_text(rule);
  return pages;
}

}  // namespace midflight::check
