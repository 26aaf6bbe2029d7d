#pragma once

#include <string>
#include <vector>

namespace midflight::io {

/// A whole document around a body that is HTML already: style and script are
/// inside, nothing is fetched.  The heading is text.
std::string html_page(const std::string& heading, const std::string& body);

/// Sentences as a list; nothing of none.
std::string html_list(const std::vector<std::string>& sentences);

/// ` name="value"`, escaped.
std::string html_attribute(const char* name, const std::string& value);

}  // namespace midflight::io
