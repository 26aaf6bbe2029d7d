#pragma once

#include <string>

#include "backends/postgres/connection.h"
#include "sim/cost/profile.h"

namespace midflight::backends {

/// A fingerprint of the machine behind a connection, so that a profile of
/// another one is noticed: a hash, nothing that names it.
///
/// A server whose processes run here is this machine: "local" and a hash of its
/// processors and memory.  Any other is "remote" and a hash of what identifies
/// its data directory.
std::string machine_fingerprint(PostgresConnection& session);

/// In which ways a profile is of another server than this one: "another
/// machine", "PostgreSQL 12.1, the server is 15.18"; empty where it is not.
std::string stranger(const cost::Profile& profile, PostgresConnection& session);

/// Of the machine this program runs on, as the above says it.
std::string local_fingerprint();

}  // namespace midflight::backends
