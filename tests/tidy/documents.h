#pragma once

#include "tests/tidy/tree.h"

namespace midflight::tidy {

/// Rooms (folders of sim/, backends, cli, python, tests) and folders of
/// examples/ without a README.md.
Findings folders_without_readme(const Tree& tree);

/// READMEs of rooms that do not say *Scope and limitations* and *Validation*.
Findings rooms_without_limits(const Tree& tree);

/// Relative links of Markdown files that lead nowhere.  Targets on the web and
/// anchors within a page are not followed.
Findings dead_links(const Tree& tree);

/// Strategies of sim/strategy/list.cpp that README.md does not name in a table.
Findings strategies_without_row(const Tree& tree);

/// Strategies without a source file of their name in sim/strategy.
Findings strategies_without_file(const Tree& tree);

/// Notebooks that are stored with what they printed.
Findings notebooks_with_output(const Tree& tree);

}  // namespace midflight::tidy
