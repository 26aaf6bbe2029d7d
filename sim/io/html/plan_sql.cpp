#include "sim/io/html/plan_sql.h"

#include <fmt/core.h>

#include "sim/io/text_table.h"

namespace midflight::io {

namespace {

constexpr const char* kCopy = "<button type=\"button\" class=\"copy\" hidden>Copy</button>";

/// What is no SQL is a comment there, so that all of it can be pasted.
std::string pasted(const StepResult& step) {
  if (step.kind == "sql") return step.sql + (step.sql.ends_with(';') ? "" : ";");
  const bool said = step.sql.starts_with(step.kind);
  std::string comment = said ? "-- " + step.sql : fmt::format("-- {}: {}", step.kind, step.sql);
  for (std::size_t at = comment.find('\n'); at != std::string::npos; at = comment.find('\n', at + 4)) comment.replace(at, 1, "\n-- ");
  return comment;
}

std::string step_html(const StepResult& step, std::size_t number) {
  const std::string why = step.why.empty() ? "" : fmt::format("<span>{}</span>", html_escape(step.why));
  return fmt::format("<li><div class=\"sql\"><p><b>{}. {}</b> <em>{}</em> {}{}</p>\n<pre><code>{}</code></pre></div></li>\n", number, html_escape(step.id),
                     html_escape(step.kind), why, kCopy, html_escape(pasted(step)));
}

}  // namespace

std::string plan_sql_html(const StrategyResult& strategy) {
  std::string steps;
  for (std::size_t i = 0; i < strategy.steps.size(); ++i) steps += step_html(strategy.steps[i], i + 1);
  if (steps.empty()) return "";
  return fmt::format("<section class=\"plan\"><h3>The plan <button type=\"button\" class=\"copy-all\" hidden>Copy all</button></h3>\n<ol>\n{}</ol></section>\n", steps);
}

}  // namespace midflight::io
