#pragma once

#include <memory>
#include <string>

#include "backends/backend.h"

namespace midflight::backends {

/// Opens the database behind a URI.
///
///   sqlite:        a scratch file in the directory for temporary files
///   sqlite:PATH    a file that must not exist, unless in place
///   postgresql://user@host:port/database
///                  a scratch database on that server, or in place that one
///   fake:          a scripted database, for tests of the replay itself
///
/// Errors: Error(BadInput) for any other scheme; Error(Database) when the file
///         or the database cannot be made.  Messages never repeat a password.
std::unique_ptr<Backend> open(const std::string& uri, const BackendOptions& options);

/// The URI with any password replaced.
std::string without_password(const std::string& uri);

}  // namespace midflight::backends
