#include <fmt/format.h>

#include "sim/io/check_writers.h"

namespace midflight::io {
namespace {

/// A list of findings for the comment on a change request.
class MarkdownWriter : public CheckWriter {
 public:
  std::string script(const check::ScriptReport& report) override {
    std::string out;
    for (const check::Finding& f : report.findings) {
      out += fmt::format("- **{}** [{}]({}) at `{}`: {}\n", check::severity_name(f.severity), f.rule, rule_page(f.rule),
                         f.where.begin.text(), f.message);
      if (!f.instead.empty()) out += fenced(f.instead);
    }
    return out;
  }
  std::string tail(const CheckCoverage& coverage) override { return "\n" + coverage_text(coverage); }

 private:
  static std::string fenced(const std::string& sql) {
    std::string out = "\n  ```sql\n  ";
    for (const char c : sql) out.append(1, c).append(c == '\n' ? "  " : "");
    return out + "\n  ```\n\n";
  }
};

}  // namespace

std::unique_ptr<CheckWriter> check_markdown_writer() { return std::make_unique<MarkdownWriter>(); }

}  // namespace midflight::io
