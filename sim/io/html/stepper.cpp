#include "sim/io/html/stepper.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/io/html/events.h"
#include "sim/io/html/page.h"
#include "sim/io/html/queue.h"
#include "sim/io/text_number.h"
#include "sim/io/text_table.h"

namespace midflight::io {

namespace {

std::string joined(const std::vector<std::string>& names) { return fmt::format("{}", fmt::join(names, "\n")); }

std::string row_html(const ReportEvent& e) {
  const std::string lock = e.queue != nullptr ? e.queue->lock : "";
  std::string attributes = fmt::format(" data-t=\"{}\" data-failed=\"{}\"", e.at.seconds(), human_count(static_cast<double>(e.failed)));
  attributes += html_attribute("data-serving", e.serving);
  if (!lock.empty()) attributes += html_attribute("data-lock", lock);
  if (!e.versions.empty()) attributes += html_attribute("data-versions", joined(e.versions));
  if (!e.steps.empty()) attributes += html_attribute("data-steps", joined(e.steps));
  const std::string where = lock.empty() ? "" : fmt::format("<span class=\"on\">{}:</span> ", html_escape(lock));
  return fmt::format("<tr{}><td class=\"n\">{}</td><td class=\"k k-{}\">{}</td><td><p>{}{}</p>{}</td></tr>\n", attributes,
                     human_moment(e.at.seconds(), true), e.kind, e.kind, where, html_escape(e.what),
                     e.queue != nullptr ? queue_html(*e.queue) : "");
}

std::string options_html(const char* label, const char* kind, const std::vector<std::string>& names) {
  if (names.size() < 2) return "";
  std::string options = fmt::format("<option value=\"\">every {}</option>", kind);
  for (const std::string& name : names) options += fmt::format("<option{0}>{1}</option>", html_attribute("value", name), html_escape(name));
  return fmt::format("<label>{} <select data-filter=\"{}s\">{}</select></label>", label, kind, options);
}

std::vector<std::string> named(const StrategyResult& s, const std::string& kind) {
  std::vector<std::string> names;
  for (const TimelineEntry& e : s.timeline) {
    if (e.lane.rfind(kind, 0) != 0) continue;
    const std::string name = e.lane.substr(kind.size());
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

/// Hidden until the script is there to serve it.
std::string controls_html(const StrategyResult& s) {
  return fmt::format(
      "<div class=\"controls\" hidden>\n<div class=\"buttons\">"
      "<button type=\"button\" data-go=\"first\" aria-label=\"first event\">&#x21E4;</button>"
      "<button type=\"button\" data-go=\"back\" aria-label=\"event before\">&#x2190; back</button>"
      "<button type=\"button\" data-go=\"next\" aria-label=\"next event\">next &#x2192;</button>"
      "<button type=\"button\" data-go=\"longest\">longest queue</button>"
      "<input type=\"range\" min=\"0\" value=\"0\" aria-label=\"event\"><output></output></div>\n"
      "<div class=\"filters\">{}{}<label>show <select data-filter=\"kind\"><option value=\"\">everything</option>"
      "<option value=\"lock\">locks only</option><option value=\"step\">steps only</option></select></label></div>\n"
      "<div class=\"now\" aria-live=\"polite\"></div>\n</div>\n",
      options_html("version", "version", named(s, "version ")), options_html("step", "step", named(s, "step ")));
}

std::string longest_queue_html(const std::vector<ReportEvent>& events) {
  const ReportEvent* longest = nullptr;
  for (const ReportEvent& e : events) {
    if (e.queue == nullptr || waiting(*e.queue) == 0) continue;
    if (longest == nullptr || waiting(*e.queue) > waiting(*longest->queue)) longest = &e;
  }
  if (longest == nullptr) return "";
  return fmt::format("<figure class=\"longest\"><figcaption>The longest queue, for {} at {}: {} waiting</figcaption>{}</figure>\n",
                     html_escape(longest->queue->lock), human_moment(longest->at.seconds(), true),
                     human_count(static_cast<double>(waiting(*longest->queue))), queue_html(*longest->queue));
}

}  // namespace

std::string stepper_html(const StrategyResult& strategy) {
  const std::vector<ReportEvent> events = report_events(strategy);
  if (events.empty()) return "";
  std::string rows;
  for (const ReportEvent& e : events) rows += row_html(e);
  return fmt::format("<div class=\"stepper\">\n<h3>Event by event</h3>\n{}{}<details class=\"events\"><summary>All {} events</summary>\n"
                     "<div class=\"scroll\"><table><thead><tr><th class=\"n\">at</th><th>what</th><th>happens</th></tr></thead>\n"
                     "<tbody>\n{}</tbody></table></div></details>\n</div>\n",
                     controls_html(strategy), longest_queue_html(events), events.size(), rows);
}

}  // namespace midflight::io
