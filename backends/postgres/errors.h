#pragma once

#include <string>

#include "sim/model/outcome.h"

namespace midflight::backends {

/// The class of what a PostgreSQL server answered, by its SQLSTATE: the same
/// classes that the simulation gives to the same failures.
///
/// Messages come in the server's language, so what has no state of its own is
/// known by other means.
/// `cancelled_as`: what a statement that was cancelled (57014) had run into.
/// `source`: the function of the server that raised it (PG_DIAG_SOURCE_FUNCTION).
/// Errors: Error(Database) for what no application causes and no plan expects:
///         a full disk, no memory, a server that shuts down, no rights, SQL it
///         cannot read at all.
/// Source: PostgreSQL manual, appendix A.
ErrorKind postgres_error(const std::string& sqlstate, const std::string& message, ErrorClass cancelled_as,
                         const std::string& sql, const std::string& source = {});

/// True for the error of a prepared statement whose columns have changed.
bool is_stale_plan(const std::string& sqlstate, const std::string& source);

/// True for a verbose message with which a server refuses one more connection.
bool refuses_connections(const std::string& message);

/// A verbose message ("FATAL:  53300: sorry") without its state.
std::string without_state(const std::string& message);

}  // namespace midflight::backends
