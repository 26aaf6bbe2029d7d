#pragma once

#include <string_view>
#include <vector>

namespace midflight::strategy {

/// The candidate with the fewest changed letters (Levenshtein), the first of equals.
/// Requires: at least one candidate.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace midflight::strategy
