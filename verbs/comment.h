#pragma once

#include <string>

namespace midflight::verbs {

/// A sentence as a comment: lines of at most 100 columns, each behind `lead`
/// ("-- ", "  # ").  Nothing for an empty one.
std::string comment(const std::string& sentence, const std::string& lead);

}  // namespace midflight::verbs
