#pragma once

#include <string>
#include <vector>

namespace midflight::golden {

/// A command with the output that is on file for it.
struct Entry {
  std::string command;   ///< "midflight compare scenario.yaml --runs 50"
  std::string output;    ///< everything up to the next command
};

/// An expected*.txt: "$ command" lines, each with its output below.
struct Transcript {
  std::string path, folder;
  std::vector<Entry> entries;
};

/// Requires: the file begins with a "$ " line.  `path` is below examples/.
Transcript read_transcript(const std::string& path);
void write_transcript(const Transcript& transcript);

/// The expected*.txt of every folder of examples/: "rename_column/expected.txt".
std::vector<std::string> transcripts();

/// What a command prints on stdout when run in the folder, its first word being
/// a program of this build.  A status other than 0 is told in a last line.
std::string output_of(const std::string& command, const std::string& folder);

}  // namespace midflight::golden
