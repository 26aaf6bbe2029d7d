#pragma once

#include <string>

namespace midflight {
class Error;
}

namespace midflight::cli {

/// One line on stderr: "midflight: MESSAGE".
void complain(const std::string& message);

/// A further line that is no problem of its own.
void complain_hint(const std::string& message);

/// Every problem of an error, a line each with its place, at most 20 and then
/// how many more there are.
void complain(const Error& error);

}  // namespace midflight::cli
