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

/// Of pg_stat_activity the sessions of clients, as a condition.  Of other users'
/// sessions an ordinary role sees the database and the user, not the kind; then
/// parallel workers count as well.
inline constexpr const char* kClientSession =
    "(coalesce(backend_type, 'client backend') = 'client backend' AND datid IS NOT NULL AND usesysid IS NOT NULL)";

/// True where the session's process runs on this machine.  What the server says
/// of addresses proves nothing: at the end of a tunnel, too, it sees a local client.
/// Scope: a server in a container, with process numbers of its own, is elsewhere.
bool on_this_machine(PostgresConnection& server);

/// True where `processes` (/proc) has this process, and it is PostgreSQL's.
bool is_server_process(const std::string& number, const std::string& processes = "/proc");

/// Errors: Error(Database) for a server before PostgreSQL 12.
ServerFacts examine(PostgresConnection& server);

/// `version` as the server counts: 150018 is 15.18.  Errors: as above.
void refuse_old_server(int version, const std::string& text);
/// Errors: as above.
void refuse_old_server(PostgresConnection& server);

}  // namespace midflight::backends
