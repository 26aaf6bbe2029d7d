#pragma once

#include <string>
#include <string_view>

namespace midflight::verbs {

/// Any text as a YAML scalar in double quotes; UTF-8 stays, control characters are escaped.
std::string yaml_quoted(std::string_view text);

/// A name, quoted only where it must be.
std::string yaml_word(std::string_view name);

/// Text for one line of comment.
std::string comment_text(std::string_view text);

}  // namespace midflight::verbs
