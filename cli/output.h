#pragma once

#include <string>

namespace midflight::cli {

/// Writes a result whole or not at all: to a file beside `path` that then takes
/// its name, or to stdout when `path` is empty.
///
/// A reader that closed the pipe early is no failure; the rest is dropped.
/// Errors: Error(Output) with the reason: no such folder, not allowed, disk full.
void write_output(const std::string& path, const std::string& text);

/// Whether stdout is a terminal that wants colours (NO_COLOR is unset, TERM is not dumb).
bool colour_wanted();

}  // namespace midflight::cli
