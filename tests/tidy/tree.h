#pragma once

#include <map>
#include <string>
#include <vector>

namespace midflight::tidy {

/// Text files of a checkout by path from its root: "sim/kernel/time.h".
/// Tests of the checks make up small ones.
using Tree = std::map<std::string, std::string>;

/// What is wrong, one sentence each; empty: tidy.
using Findings = std::vector<std::string>;

/// Reads every file that a check looks at (sources, Markdown, CMake lists);
/// other files are there with empty text.  Build folders and what begins with a
/// dot are left out.
Tree read_tree(const std::string& root);

bool ends_with(const std::string& text, const std::string& end);
bool is_header(const std::string& path);
bool is_source(const std::string& path);

/// "sim/kernel" of "sim/kernel/time.h"; "" of a file at the root.
std::string folder_of(const std::string& path);

/// All folders with a file in or below them.
std::vector<std::string> folders(const Tree& tree);

}  // namespace midflight::tidy
