#include <fmt/format.h>

#include <algorithm>

#include "sim/io/check_writers.h"
#include "sim/io/text_number.h"
#include "sim/io/text_table.h"

namespace midflight::io {
namespace {

using check::Finding;
using check::ScriptReport;
using check::Severity;
using check::StatementReport;
using check::TransactionReport;

constexpr std::size_t kWidth = 100;

/// Line starts of a text, for excerpts in no time.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}
  /// Returns: a line by its number without its end; empty when there is none.
  std::string_view line(int number) const {
    if (starts_.empty()) find_starts();
    const auto i = static_cast<std::size_t>(number) - 1;
    if (number < 1 || i >= starts_.size()) return {};
    const std::size_t end = std::min(text_.find('\n', starts_[i]), text_.size());
    std::string_view line = text_.substr(starts_[i], end - starts_[i]);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return line;
  }

 private:
  void find_starts() const {
    starts_.push_back(0);
    for (std::size_t at = text_.find('\n'); at != std::string_view::npos; at = text_.find('\n', at + 1)) starts_.push_back(at + 1);
  }

  std::string_view text_;
  mutable std::vector<std::size_t> starts_;  ///< found when first asked for
};

/// Control characters would move the cursor of a terminal.
std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < ' ' || c == 127 ? ' ' : c;
  return out;
}

std::string shortened(std::string text, std::size_t width) {
  if (text.size() <= width) return text;
  std::size_t end = width - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

std::string indented(const std::string& text, const std::string& indent) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out += indent + text.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return out;
}

std::string range_text(const metrics::Summary& s, bool seconds) {
  const auto text = seconds ? human_seconds : human_count;
  const std::string from = text(s.p5), to = text(s.p95);
  return from == to ? from : fmt::format("{} to {}", from, to);
}

class TextWriter : public CheckWriter {
 public:
  explicit TextWriter(const CheckWriterOptions& options) : options_(options) {}

  std::string script(const ScriptReport& report) override {
    const Lines lines(report.text);
    std::string out;
    auto finding = report.findings.begin();
    auto transaction = report.transactions.begin();
    for (const StatementReport& statement : report.statements) {
      while (finding != report.findings.end() && is_before(finding->where, statement.where)) out += problem(*finding++, lines);
      auto end = finding;
      while (end != report.findings.end() && !is_before(statement.where, end->where)) ++end;
      if (end == finding && options_.findings_only) continue;
      while (transaction != report.transactions.end() && ends_before(transaction->where, statement.where)) ++transaction;
      if (transaction != report.transactions.end() && !is_before(statement.where, transaction->where)) out += of_transaction(*transaction++);
      out += of_statement(statement, end != finding, lines);
      for (; finding != end; ++finding) out += of_finding(*finding);
    }
    for (; finding != report.findings.end(); ++finding) out += problem(*finding, lines);
    return out;
  }

  std::string tail(const CheckCoverage& coverage) override { return "\n" + coverage_text(coverage); }

 private:
  static bool is_before(const check::Span& a, const check::Span& b) {
    return std::pair(a.begin.line, a.begin.column) < std::pair(b.begin.line, b.begin.column);
  }

  static bool ends_before(const check::Span& a, const check::Span& b) {
    return std::pair(a.end_line, a.end_column) <= std::pair(b.begin.line, b.begin.column);
  }

  static std::string of_transaction(const TransactionReport& one) {
    return fmt::format("\n{} to {}:{}: {} statements in one transaction\n{}", one.where.begin.text(), one.where.end_line, one.where.end_column,
                       one.statements, numbers(one.predicted));
  }

  static std::string excerpt(const check::Span& where, const Lines& lines, bool caret) {
    const std::string line = printable(lines.line(where.begin.line));
    std::string out = fmt::format("{:>5} | {}\n", where.begin.line, shortened(line, kWidth - 8));
    if (!caret || where.begin.column < 1 || static_cast<std::size_t>(where.begin.column) > kWidth - 8) return out;
    const std::size_t begin = static_cast<std::size_t>(where.begin.column) - 1;
    std::size_t end = where.end_line == where.begin.line ? static_cast<std::size_t>(where.end_column) - 1 : line.size();
    end = std::clamp<std::size_t>(end, begin + 1, std::max(begin + 1, kWidth - 8));
    return out + fmt::format("      | {}{}\n", std::string(begin, ' '), std::string(end - begin, '^'));
  }

  static std::string block(const std::string& text) { return indented(wrapped(text, kWidth - 8, ""), "        "); }

  std::string of_statement(const StatementReport& statement, bool caret, const Lines& lines) const {
    std::string out = fmt::format("\n{}\n{}", statement.where.begin.text(), excerpt(statement.where, lines, caret));
    std::string what = locks_text(statement.work);
    const std::string work = statement.work.understood ? work_text(statement.work) : "";
    if (!work.empty()) what += "; " + work;
    out += block(what);
    return statement.predicted ? out + numbers(*statement.predicted) : out;
  }

  std::string of_finding(const Finding& finding) const {
    std::string out = fmt::format("    {}: {}\n", painted(finding.severity), finding.rule);
    out += block(finding.message);
    if (!finding.instead.empty()) out += "        Instead:\n" + indented(finding.instead, "            ");
    return out + fmt::format("        {}\n", rule_page(finding.rule));
  }

  std::string problem(const Finding& finding, const Lines& lines) const {
    return fmt::format("\n{}\n{}{}", finding.where.begin.text(), excerpt(finding.where, lines, true), of_finding(finding));
  }

  static std::string numbers(const check::Predicted& p) {
    return fmt::format("        predicted in {} runs (p5 to p95): lock wait {}, held {},\n"
                       "        {} requests blocked, {} failed, downtime {}\n", p.runs, range_text(p.lock_wait_s, true), range_text(p.held_s, true),
                       range_text(p.blocked_requests, false), range_text(p.failed_requests, false), range_text(p.downtime_s, true));
  }

  std::string painted(Severity severity) const {
    const std::string name(check::severity_name(severity));
    if (!options_.colour) return name;
    const char* colour = severity == Severity::Danger ? "31" : severity == Severity::Caution ? "33" : "36";
    return fmt::format("\x1b[1;{}m{}\x1b[0m", colour, name);
  }

  CheckWriterOptions options_;
};

}  // namespace

std::unique_ptr<CheckWriter> check_text_writer(const CheckWriterOptions& options) {
  return std::make_unique<TextWriter>(options);
}

}  // namespace midflight::io
