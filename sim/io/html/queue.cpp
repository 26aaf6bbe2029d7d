#include "sim/io/html/queue.h"

#include <fmt/core.h>

#include <algorithm>

#include "sim/io/text_number.h"
#include "sim/io/text_table.h"

namespace midflight::io {

namespace {

constexpr std::int64_t kMarksMax = 40;

std::string mode_html(const std::string& mode) { return mode.empty() ? "" : fmt::format("<i>{}</i>", html_escape(mode)); }

std::string group_html(const QueueGroup& group) {
  const std::string count = group.count > 1 ? fmt::format("<b>{}</b> ", human_count(static_cast<double>(group.count))) : "";
  const std::string marks =
      group.count > 1 ? fmt::format("<s style=\"--n:{}\"></s>", std::min(group.count, kMarksMax)) : "";
  return fmt::format("<li{}>{}{}{}{}</li>", group.requests ? "" : " class=\"one\"", count, html_escape(group.who), mode_html(group.mode), marks);
}

std::string groups_html(const char* kind, const std::vector<QueueGroup>& groups, const char* nobody) {
  std::string out;
  for (const QueueGroup& group : groups) out += group_html(group);
  if (out.empty()) out = fmt::format("<li class=\"none\">{}</li>", nobody);
  return fmt::format("<ol class=\"{}\">{}</ol>", kind, out);
}

}  // namespace

std::int64_t waiting(const QueueMoment& moment) {
  std::int64_t n = 0;
  for (const QueueGroup& group : moment.waiters) n += group.count;
  return n;
}

std::string queue_html(const QueueMoment& moment) {
  const std::string pool = moment.without_connection > 0
      ? fmt::format("<p class=\"pool\"><b>{} more</b> without a connection from the pool</p>", human_count(static_cast<double>(moment.without_connection)))
      : "";
  return fmt::format("<div class=\"q\"><span class=\"cap\">holds</span>{}<span class=\"cap\">waits</span>{}{}</div>",
                     groups_html("h", moment.holders, "nobody"), groups_html("w", moment.waiters, "nobody"), pool);
}

}  // namespace midflight::io
