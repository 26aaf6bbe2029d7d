#pragma once

#include <string>

#include "backends/backend.h"
#include "backends/postgres/connection.h"

namespace midflight::backends {

/// What a server says about itself before anything is made on it.
struct ServerFacts {
  int major = 0;
  std::string version;       ///< "15.18"
  ServerSettings settings;
};

/// Errors: Error(Database) for a server before PostgreSQL 12.
ServerFacts examine(PostgresConnection& server);

/// `version` as the server counts: 150018 is 15.18.  Errors: as above.
void refuse_old_server(int version, const std::string& text);
/// Errors: as above.
void refuse_old_server(PostgresConnection& server);

}  // namespace midflight::backends
