#include <fmt/core.h>

#include "sim/io/differences.h"
#include "sim/io/html.h"
#include "sim/io/html/chart.h"
#include "sim/io/html/page.h"
#include "sim/io/html/plan_sql.h"
#include "sim/io/html/stepper.h"
#include "sim/io/text_tables.h"
#include "sim/io/text_words.h"

namespace midflight::io {

namespace {

/// A table that scrolls in its own box and says so to the keyboard.
std::string table_html(const Table& table, const char* label) {
  return fmt::format("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">{}</div>\n", label, html_table(table));
}

std::string badge(Verdict verdict) { return fmt::format("<span class=\"badge v-{0}\">{0}</span>", verdict_name(verdict)); }

std::string answer(const std::string& sentence, const std::string& badges) {
  return fmt::format("<p class=\"answer\">{} {}</p>\n", badges, html_escape(sentence));
}

std::string header(const std::string& heading) {
  return fmt::format("<header><p class=\"brand\">midflight</p><h1>{}</h1></header>\n", html_escape(heading));
}

/// The story of one strategy: why, when, event by event, and the plan itself.
std::string details(const Result& result, const StrategyResult& s) {
  std::string out = html_list(reasons(s));
  const std::string critical = critical_path_text(s);
  if (!critical.empty()) out += fmt::format("<p>{}</p>\n", html_escape(critical));
  if (!s.timeline.empty()) out += fmt::format("<h3>One run over time</h3>\n<p class=\"note\">{}.</p>\n", html_escape(told_run(result, s)));
  out += chart_html(s) + stepper_html(s);
  if (!s.errors.empty()) out += "<h3>Failed requests</h3>\n" + table_html(error_table(s), "failed requests");
  if (!s.steps.empty()) out += "<h3>Steps</h3>\n" + table_html(step_table(s), "steps");
  return out + plan_sql_html(s);
}

std::string section(const Result& result, const StrategyResult& s) {
  return fmt::format("<section class=\"strategy\"><h2 id=\"{0}\">{0} {1}</h2>\n{2}</section>\n", html_escape(s.name), badge(s.verdict), details(result, s));
}

std::string contents(const Result& result) {
  std::string out;
  for (const StrategyResult& s : result.strategies) out += fmt::format("<a href=\"#{0}\">{0}</a> ", html_escape(s.name));
  return fmt::format("<nav>{}<a href=\"#given\">given</a> <a href=\"#assumed\">assumed</a></nav>\n", out);
}

std::string given(const Result& result) {
  std::string out;
  for (const Given& g : result.given) {
    out += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", html_escape(g.about), html_escape(g.what));
  }
  if (out.empty()) return "";
  return fmt::format("<section><h2 id=\"given\">Given</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"given\"><table class=\"given\">{}"
                     "</table></div></section>\n", out);
}

std::string assumed(const Result& result) {
  std::vector<std::string> all = result.assumptions;
  for (const StrategyResult& s : result.strategies) {
    for (const std::string& sentence : s.assumptions) all.push_back(fmt::format("{}: {}", s.name, sentence));
  }
  const std::string list = all.empty() ? "<p>Nothing: the scenario says all that matters.</p>\n" : html_list(all);
  return fmt::format("<section><h2 id=\"assumed\">Assumed</h2>\n{}</section>\n", list);
}

}  // namespace

std::string to_html(const Result& result) {
  const bool one = result.strategies.size() == 1;
  std::string body = header(title(result));
  body += answer(advice(result), result.strategies.empty() ? "" : badge(result.strategies.front().verdict));
  body += table_html(one ? quantity_table(result.strategies.front()) : comparison_table(result), "comparison") + contents(result);
  for (const StrategyResult& s : result.strategies) body += section(result, s);
  return html_page(title(result), body + given(result) + assumed(result));
}

std::string to_html(const ReplayResult& replay) {
  const StrategyResult& s = replay.predicted.strategies.front();
  const std::string heading = fmt::format("{} - {} on {} {}", replay.predicted.scenario, s.name, replay.backend, replay.server_version);
  std::string body = header(heading);
  body += answer(replay.valid ? "The replay is valid." : "The replay is not valid: " + replay.invalid_reason,
                 fmt::format("<span class=\"badge v-{}\">{}</span>", replay.valid ? "safe" : "unsafe", replay.valid ? "valid" : "not valid"));
  const std::string completion = completion_text(replay);
  if (!completion.empty()) body += fmt::format("<p><strong>{}</strong></p>\n", html_escape(completion));
  body += fmt::format("<p>{}</p>\n", html_escape(paired_text(replay)));
  body += table_html(replay_table(replay), "predicted and measured") + table_html(replay_step_table(replay), "steps");
  if (!replay.repetitions.empty()) body += table_html(repetition_table(replay), "repetitions");
  body += html_list(largest_differences(replay));
  body += html_list(replay_notes(replay)) + fmt::format("<p>{}</p>\n", html_escape(replay.data_check)) + contents(replay.predicted);
  StrategyResult measured;
  measured.name = "measured";
  measured.timeline = replay.measured.timeline;
  measured.queue = replay.measured.queue;
  measured.failures = replay.measured.failures;
  if (!measured.timeline.empty()) body += "<section><h2 id=\"measured\">Measured</h2>\n" + chart_html(measured) + stepper_html(measured) + "</section>\n";
  body += section(replay.predicted, s);
  return html_page(heading, body + given(replay.predicted) + assumed(replay.predicted));
}

}  // namespace midflight::io
