#include "sim/io/html.h"

#include "sim/io/differences.h"

#include <fmt/core.h>

#include "sim/io/text_tables.h"
#include "sim/io/text_words.h"
#include "sim/io/timeline.h"

namespace midflight::io {

namespace {

constexpr const char* kStyle = R"(
body { font: 15px/1.5 system-ui, sans-serif; color: #1c2733; max-width: 1000px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.35em; } h2 { font-size: 1.1em; margin-top: 2em; }
table { border-collapse: collapse; margin: 1em 0; display: block; overflow-x: auto; }
th, td { padding: .25em .7em; border-bottom: 1px solid #d6dde4; text-align: left; vertical-align: top; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
pre { background: #f3f6f8; padding: .8em; overflow-x: auto; }
.answer { font-weight: 600; }
svg { width: 100%; height: auto; }
@media (prefers-color-scheme: dark) { body { color: #dbe4ec; background: #12181f; } pre { background: #1d2630; }
  th, td { border-color: #34424f; } svg text { fill: #dbe4ec; } }
)";

std::string page(const std::string& heading, const std::string& body) {
  return fmt::format("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width\">\n<title>{0}</title>\n<style>{1}</style>\n"
                     "</head>\n<body>\n<h1>{0}</h1>\n{2}</body>\n</html>\n",
                     html_escape(heading), kStyle, body);
}

std::string list(const std::vector<std::string>& sentences) {
  std::string out;
  for (const std::string& s : sentences) out += fmt::format("<li>{}</li>\n", html_escape(s));
  return out.empty() ? out : fmt::format("<ul>\n{}</ul>\n", out);
}

std::string plan_sql(const StrategyResult& s) {
  std::string out;
  for (const StepResult& step : s.steps) {
    out += fmt::format("-- {}: {}\n{};\n", step.id, step.why.empty() ? step.kind : step.why, step.sql);
  }
  return out.empty() ? out : fmt::format("<pre>{}</pre>\n", html_escape(out));
}

std::string section(const StrategyResult& s) {
  std::string out = fmt::format("<h2>{} ({})</h2>\n{}", html_escape(s.name), verdict_name(s.verdict), list(reasons(s)));
  if (!s.timeline.empty()) out += timeline_svg(s.timeline);
  if (!s.errors.empty()) out += html_table(error_table(s));
  if (!s.steps.empty()) out += html_table(step_table(s));
  return out + plan_sql(s);
}

std::string assumptions(const Result& result) {
  std::vector<std::string> all = result.assumptions;
  for (const StrategyResult& s : result.strategies) {
    for (const std::string& sentence : s.assumptions) all.push_back(fmt::format("{}: {}", s.name, sentence));
  }
  return all.empty() ? "" : fmt::format("<h2>Assumed</h2>\n{}", list(all));
}

}  // namespace

std::string to_html(const Result& result) {
  std::string body = fmt::format("<p class=\"answer\">{}</p>\n", html_escape(advice(result)));
  const bool one = result.strategies.size() == 1;
  body += html_table(one ? quantity_table(result.strategies.front()) : comparison_table(result));
  for (const StrategyResult& s : result.strategies) body += section(s);
  return page(title(result), body + assumptions(result));
}

std::string to_html(const ReplayResult& replay) {
  const StrategyResult& s = replay.predicted.strategies.front();
  std::string body = fmt::format("<p class=\"answer\">{}</p>\n",
                                 replay.valid ? "The replay is valid."
                                              : "The replay is not valid: " + html_escape(replay.invalid_reason));
  body += html_table(replay_table(replay)) + html_table(replay_step_table(replay));
  if (!replay.repetitions.empty()) body += html_table(repetition_table(replay));
  body += list(largest_differences(replay));
  body += list(replay_notes(replay)) + fmt::format("<p>{}</p>\n", html_escape(replay.data_check));
  if (!replay.measured.timeline.empty()) body += "<h2>Measured</h2>\n" + timeline_svg(replay.measured.timeline);
  body += "<h2>Predicted</h2>\n" + section(s) + assumptions(replay.predicted);
  return page(fmt::format("{} - {} on {} {}", replay.predicted.scenario, s.name, replay.backend, replay.server_version), body);
}

}  // namespace midflight::io
