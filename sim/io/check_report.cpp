#include "sim/io/check_report.h"

#include <fmt/format.h>

#include <vector>

#include "sim/io/check_writers.h"
#include "sim/io/text_number.h"

namespace midflight::io {
namespace {

std::string_view work_name(WorkKind kind) {
  switch (kind) {
    case WorkKind::Metadata: return "catalog only";
    case WorkKind::Scan: return "scan";
    case WorkKind::Rewrite: return "rewrite";
    case WorkKind::IndexBuild: return "index build";
    case WorkKind::Update: break;
  }
  return "row changes";
}

void add_once(std::string& line, const std::string& part) {
  if (line.find(part) == std::string::npos) line.append(line.empty() ? "" : ", ").append(part);
}

}  // namespace

void CheckCoverage::add(const check::ScriptReport& report) {
  ++scripts;
  ignored += report.ignored;
  for (const check::StatementReport& statement : report.statements) {
    ++statements;
    if (statement.work.understood) ++understood;
    else ++why_not[statement.work.why_not];
  }
  statements += report.unlisted;
  understood += report.unlisted;
  for (const std::string& why : report.unreadable) {
    ++statements;
    ++why_not[why];
  }
  for (const check::Finding& finding : report.findings) {
    ++(finding.severity == check::Severity::Danger ? dangers : finding.severity == check::Severity::Caution ? cautions : notes);
  }
}

bool CheckCoverage::has_at_least(check::Severity severity) const {
  if (dangers > 0) return true;
  if (severity <= check::Severity::Caution && cautions > 0) return true;
  return severity == check::Severity::Note && notes > 0;
}

std::unique_ptr<CheckWriter> check_writer(std::string_view format, const CheckWriterOptions& options) {
  if (format == "text") return check_text_writer(options);
  if (format == "json") return check_json_writer();
  if (format == "sarif") return check_sarif_writer();
  if (format == "github") return check_github_writer();
  if (format == "markdown") return check_markdown_writer();
  return nullptr;
}

std::string rule_page(std::string_view rule) { return fmt::format("docs/rules/{}.md", rule); }

std::string locks_text(const LocksAndWork& work) {
  if (!work.understood) return "not understood: " + work.why_not;
  std::string line;
  for (const Phase& phase : work.phases) {
    for (const RelationLock& lock : phase.locks) {
      add_once(line, fmt::format("{} on {}", lock_mode_name(lock.mode), lock.relation));
    }
  }
  return line.empty() ? "no locks" : line;
}

std::string work_text(const LocksAndWork& work) {
  std::string line;
  bool any = false;
  for (const Phase& phase : work.phases) {
    for (const Work& one : phase.work) {
      any = true;
      if (one.kind != WorkKind::Metadata) add_once(line, fmt::format("{} of {}", work_name(one.kind), one.relation));
    }
  }
  return any && line.empty() ? std::string(work_name(WorkKind::Metadata)) : line;
}

std::string coverage_text(const CheckCoverage& c) {
  std::string out = fmt::format("{}, {} and {} in {}; {} of {} understood",
                                counted(static_cast<double>(c.dangers), "danger"), counted(static_cast<double>(c.cautions), "caution"),
                                counted(static_cast<double>(c.notes), "note"), counted(static_cast<double>(c.scripts), "file"),
                                human_count(static_cast<double>(c.understood)), counted(static_cast<double>(c.statements), "statement"));
  if (c.ignored > 0) out += fmt::format(", {} ignored by comments", counted(static_cast<double>(c.ignored), "finding"));
  out += ".\n";
  for (const auto& [why, count] : c.why_not) out += fmt::format("not understood: {} ({})\n", why, count);
  return out;
}

}  // namespace midflight::io
