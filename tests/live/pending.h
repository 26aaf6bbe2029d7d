#pragma once

#include <string>
#include <vector>

namespace midflight::live {

/// A case that does not agree yet, and why.
struct Pending {
  std::string title;  ///< "family/Case"
  int since, until;   ///< major versions
  std::string reason;
  std::string line;   ///< as it stands in the file
};

/// The lines of pending.txt; those that begin with # are comments.
/// Errors: Error(BadInput) for a line that is none.
std::vector<Pending> read_pending(const std::string& text);

/// Returns: the entry for the case on that version, or nullptr.
const Pending* find_pending(const std::vector<Pending>& all, const std::string& title, int major);

/// The text without these lines.
std::string without_lines(const std::string& text, const std::vector<std::string>& lines);

}  // namespace midflight::live
