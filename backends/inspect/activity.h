#pragma once

#include "backends/inspect/inspection.h"
#include "backends/postgres/connection.h"

namespace midflight::backends {

InspectedSettings settings_of(PostgresConnection& session);
std::vector<TableSize> sizes_of(PostgresConnection& session);

/// Transactions open for more than five seconds; adds to `unseen` what other
/// users' sessions hide.
std::vector<LongTransaction> long_transactions(PostgresConnection& session, std::vector<std::string>& unseen);
std::vector<ClientPool> client_pools(PostgresConnection& session, std::vector<std::string>& unseen);

/// The statement with its literals as further parameters: values of users stay where they are.
std::string without_literals(const std::string& sql);

}  // namespace midflight::backends
