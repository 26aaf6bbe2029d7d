#include "backends/postgres/server_facts.h"

#include <fstream>

#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

constexpr int kOldestMajor = 12;

int number(PostgresConnection& server, const std::string& sql) { return std::stoi(server.value(sql)); }

// What follows the first word names the package.
std::string version_of(PostgresConnection& server) { return server.value("SELECT split_part(current_setting('server_version'), ' ', 1)"); }

}  // namespace

void refuse_old_server(int version, const std::string& text) {
  if (version >= kOldestMajor * 10'000) return;
  throw Error(ErrorCode::Database, "PostgreSQL " + text + " is too old for midflight, which needs " + std::to_string(kOldestMajor) + " or later");
}

void refuse_old_server(PostgresConnection& server) { refuse_old_server(server.server_version(), version_of(server)); }

bool is_server_process(const std::string& number, const std::string& processes) {
  std::ifstream in(processes + "/" + number + "/comm");
  std::string name;
  return std::getline(in, name) && (name == "postgres" || name == "postmaster");
}

bool on_this_machine(PostgresConnection& server) { return is_server_process(server.value("SELECT pg_backend_pid()")); }

ServerFacts examine(PostgresConnection& server) {
  ServerFacts facts;
  facts.major = server.major_version();
  facts.version = version_of(server);
  refuse_old_server(server.server_version(), facts.version);
  ServerSettings& s = facts.settings;
  s.connections = number(server, "SHOW max_connections");
  s.reserved = number(server, "SHOW superuser_reserved_connections");
  s.in_use = number(server, "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND " + std::string(kClientSession));
  s.same_machine = on_this_machine(server);
  s.deadlock_timeout = Duration::milliseconds(number(server, "SELECT setting FROM pg_settings WHERE name = 'deadlock_timeout'"));
  return facts;
}

}  // namespace midflight::backends
