#pragma once

#include <optional>
#include <string>

#include "backends/backend.h"

namespace midflight::backends {

/// A column as the server prints it, by the number of its type: integers and
/// booleans (0, 1) as integers, floating point and numeric as reals, the rest as text.
Value postgres_value(unsigned type, const char* text, std::size_t length);

/// A parameter as the server reads it; nothing for NULL.
std::optional<std::string> postgres_text(const Value& value);

/// "RowExclusiveLock"; modes that are not of tables count as the weakest.
LockMode postgres_lock_mode(const std::string& name);

/// Appends one field of COPY's text format.
void append_copy_field(std::string& line, const Value& value);

}  // namespace midflight::backends
