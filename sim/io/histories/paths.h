#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/kernel/error.h"

namespace midflight::io {

/// A file that an argument stands for.
struct FoundFile {
  std::string path;
  std::string root;                   ///< the folder whose search found it; empty when it was named itself
  std::optional<std::string> bytes;   ///< of standard input and pipes
};

/// The files that paths stand for, in the order of the paths, each once.
///
/// Folders are searched in depth for .sql, hidden ones left out; links are
/// followed, but no folder is entered twice.  Nothing is thrown: what is missing
/// or cannot be read becomes a problem.
std::vector<FoundFile> expand_paths(const std::vector<std::string>& paths, std::vector<Problem>& problems);

/// At most `bytes_max` bytes of a file, or of standard input for "-".
/// Errors: Error(BadInput) when it cannot be opened or read.
std::string first_bytes(const std::string& path, std::size_t bytes_max);

}  // namespace midflight::io
