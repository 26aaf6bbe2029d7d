#include <fmt/format.h>

#include "sim/io/check_writers.h"

namespace midflight::io {
namespace {

/// Workflow commands escape these, and in properties two more.
std::string escaped(const std::string& text, bool property) {
  std::string out;
  for (const char c : text) {
    if (c == '%') out += "%25";
    else if (c == '\r') out += "%0D";
    else if (c == '\n') out += "%0A";
    else if (property && c == ':') out += "%3A";
    else if (property && c == ',') out += "%2C";
    else out += c;
  }
  return out;
}

std::string_view command(check::Severity severity) {
  if (severity == check::Severity::Danger) return "error";
  return severity == check::Severity::Caution ? "warning" : "notice";
}

/// Source: GitHub documentation, "Workflow commands for GitHub Actions".
class GithubWriter : public CheckWriter {
 public:
  std::string script(const check::ScriptReport& report) override {
    std::string out;
    for (const check::Finding& f : report.findings) {
      const std::string instead = f.instead.empty() ? "" : "\nInstead:\n" + f.instead;
      out += fmt::format("::{} file={},line={},col={},endLine={},title={}::{}\n", command(f.severity),
                         escaped(f.where.begin.file, true), f.where.begin.line, f.where.begin.column, f.where.end_line,
                         escaped(f.rule, true), escaped(f.message + instead + "\n" + rule_page(f.rule), false));
    }
    return out;
  }
  std::string tail(const CheckCoverage& coverage) override { return coverage_text(coverage); }
};

}  // namespace

std::unique_ptr<CheckWriter> check_github_writer() { return std::make_unique<GithubWriter>(); }

}  // namespace midflight::io
