#pragma once

#include <string>

#include "sim/model/outcome.h"

namespace midflight::backends {

/// The class of an SQLite result code with its message.
///
/// Errors: Error(Database) for what no application causes: a full disk, a
///         broken file, SQL that SQLite cannot read at all.
/// Source: sqlite.org/rescode.html.
ErrorKind sqlite_error(int code, const std::string& message, const std::string& sql);

}  // namespace midflight::backends
