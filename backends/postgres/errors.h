#pragma once

#include <string>

#include "sim/model/outcome.h"

namespace midflight::backends {

/// The class of what a PostgreSQL server answered, by its SQLSTATE: the same
/// classes that the simulation gives to the same failures.
///
/// `cancelled_as`: what a statement that was cancelled (57014) had run into.
/// Errors: Error(Database) for what no application causes and no plan expects:
///         a full disk, no memory, a server that shuts down, no rights, SQL it
///         cannot read at all.
/// Source: PostgreSQL manual, appendix A.
ErrorKind postgres_error(const std::string& sqlstate, const std::string& message, ErrorClass cancelled_as,
                         const std::string& sql);

/// True for a message with which a server refuses one more connection.
bool refuses_connections(const std::string& message);

}  // namespace midflight::backends
