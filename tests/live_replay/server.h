#pragma once

#include <string>
#include <vector>

#include "tests/support/private_server.h"

namespace midflight::live_replay {

/// The server of all cases; made by main().
midflight::testing::PrivateServer& server();

/// As a user would write it; `user` may hold a password: "alice:secret".
inline std::string uri(const std::string& user = "midflight", const std::string& database = "postgres") {
  return "postgresql://" + user + "@/" + database + "?host=" + server().folder();
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// The scratch databases there are now.
inline std::vector<std::string> scratch_databases() {
  auto connection = server().connect();
  std::vector<std::string> names;
  for (const auto& row : connection.query("SELECT datname FROM pg_database WHERE datname LIKE 'midflight\\_%'")) names.push_back(*row[0]);
  return names;
}

}  // namespace midflight::live_replay
