#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/model/engine.h"

namespace midflight::backends {

/// The phrases of the replay's own SQL that engines spell differently.

/// Parameter number n.
std::string parameter(const Dialect& dialect, int n);
/// True where one is null and the other is not.
std::string differs(const Dialect& dialect, const std::string& a, const std::string& b);
/// What a literal of SQL stands for: 'it''s' for it's.
std::string literal_text(std::string_view token);
/// A text array as one parameter's value: {"a","b"}.
std::string text_array(const std::vector<std::string>& texts);
/// An UPDATE whose rows meet one more condition.
std::string limited_to(const std::string& update, const std::string& condition);

}  // namespace midflight::backends
