#pragma once

#include <memory>
#include <string>

#include "backends/backend.h"

namespace midflight::backends {

/// A PostgreSQL server, version 12 or later: a database of its own that it
/// creates and removes, or with `in_place` the one that the URI names.
///
/// Errors: Error(Database) when the server cannot be reached, is too old, or
///         the role may not create databases.  No message holds a password.
std::unique_ptr<Backend> open_postgres(const std::string& uri, const BackendOptions& options);

}  // namespace midflight::backends
