#pragma once

#include <string>
#include <string_view>

namespace midflight::io {

/// What a mistake in YAML is to the one who made it: "not valid YAML: a tab
/// indents this line; only spaces do that".
///
/// `says` is the parser's own message, `line` the line of its place and
/// `column` counts from 1.  A message nobody has words for stays as it is.
std::string yaml_problem(std::string_view says, std::string_view line, int column);

}  // namespace midflight::io
