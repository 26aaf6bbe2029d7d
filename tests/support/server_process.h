#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace midflight::testing {

/// Who a server runs as, since PostgreSQL refuses to be root.
struct Account {
  uid_t user = 0;
  gid_t group = 0;
  bool other = false;  ///< another one than ours
};

/// Ours, or for root the first of `postgres` and `nobody` there is.
Account server_account();

/// Where the server's binaries are; see PrivateServer.  Errors: as there.
std::string server_binaries();

/// Its major version, as its binary says.  Errors: as above.
int server_major();

/// Starts a program as the account, its output appended to `log`; it is
/// killed with SIGINT when the thread that started it ends.
/// Returns: its process id.
pid_t start_as(const Account& account, const std::vector<std::string>& command, const std::string& log);

/// Starts a program and waits.  Returns: its exit status, 255 if it was killed.
int run_as(const Account& account, const std::vector<std::string>& command, const std::string& log);

}  // namespace midflight::testing
