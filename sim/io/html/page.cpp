#include "sim/io/html/page.h"

#include <fmt/core.h>

#include "report_assets.h"
#include "sim/io/text_table.h"

namespace midflight::io {

namespace {

// Says to browsers what is true anyway: nothing is fetched, from nowhere.
constexpr const char* kPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/// Waiting is hatched, so that it does not depend on colours.
constexpr const char* kHatch =
    "<svg width=\"0\" height=\"0\" class=\"defs\" aria-hidden=\"true\"><defs><pattern id=\"hatch\" width=\"6\" height=\"6\" "
    "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" class=\"hatch-back\"/>"
    "<rect width=\"3\" height=\"6\" class=\"hatch-line\"/></pattern></defs></svg>\n";

}  // namespace

std::string html_page(const std::string& heading, const std::string& body) {
  return fmt::format("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n<style>\n{}</style>\n"
                     "</head>\n<body>\n{}<main>\n{}</main>\n<script>\n{}</script>\n</body>\n</html>\n",
                     kPolicy, html_escape(heading), kPageStyle, kHatch, body, kPageScript);
}

std::string html_list(const std::vector<std::string>& sentences) {
  std::string out;
  for (const std::string& s : sentences) out += fmt::format("<li>{}</li>\n", html_escape(s));
  return out.empty() ? out : fmt::format("<ul>\n{}</ul>\n", out);
}

std::string html_attribute(const char* name, const std::string& value) {
  return fmt::format(" {}=\"{}\"", name, html_escape(value));
}

}  // namespace midflight::io
