#pragma once

#include "sim/io/check_report.h"

namespace midflight::io {

// One format each, in the file check_FORMAT.cpp.

std::unique_ptr<CheckWriter> check_text_writer(const CheckWriterOptions& options);
std::unique_ptr<CheckWriter> check_json_writer();
std::unique_ptr<CheckWriter> check_sarif_writer();
std::unique_ptr<CheckWriter> check_github_writer();
std::unique_ptr<CheckWriter> check_markdown_writer();

/// "AccessExclusiveLock on users" and the like, and the work: parts of one line.
std::string locks_text(const LocksAndWork& work);
std::string work_text(const LocksAndWork& work);
/// "2 dangers, 1 caution and 3 notes in 4 files; 12 of 13 statements understood."
std::string coverage_text(const CheckCoverage& coverage);

}  // namespace midflight::io
