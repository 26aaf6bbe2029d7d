#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "sim/check/finding.h"

namespace midflight::io {

/// How much of the scripts was looked at and what was said.
struct CheckCoverage {
  std::int64_t scripts = 0, statements = 0, understood = 0, ignored = 0;
  std::int64_t dangers = 0, cautions = 0, notes = 0;
  std::map<std::string, std::int64_t> why_not;  ///< reason to number of statements

  void add(const check::ScriptReport& report);
  bool has_at_least(check::Severity severity) const;
};

/// Findings in one format, script by script, so that only one is in memory.
class CheckWriter {
 public:
  virtual ~CheckWriter() = default;
  virtual std::string head() { return ""; }
  virtual std::string script(const check::ScriptReport& report) = 0;
  virtual std::string tail(const CheckCoverage& coverage) = 0;
};

struct CheckWriterOptions {
  bool colour = false;
  bool findings_only = false;  ///< text: leave out statements without findings
};

/// Returns: a writer for "text", "json", "sarif", "github" or "markdown"; null for any other name.
std::unique_ptr<CheckWriter> check_writer(std::string_view format, const CheckWriterOptions& options = {});

/// The page of a rule, as messages name it.
std::string rule_page(std::string_view rule);

}  // namespace midflight::io
