#pragma once

#include <string>
#include <vector>

#include "sim/model/engine.h"

namespace midflight::backends {

/// The phrases of the replay's own SQL that engines spell differently.

/// Parameter number n.
std::string parameter(const Dialect& dialect, int n);
/// True where one is null and the other is not.
std::string differs(const Dialect& dialect, const std::string& a, const std::string& b);
/// A text array as one parameter's value: {"a","b"}.
std::string text_array(const std::vector<std::string>& texts);
/// An UPDATE whose rows meet one more condition.
std::string limited_to(const std::string& update, const std::string& condition);

}  // namespace midflight::backends
