// The list of the server's own functions, held against a server's catalog.

#include <gtest/gtest.h>

#include "sim/sql/server_functions.h"
#include "tests/support/private_server.h"

namespace midflight::live {
namespace {

TEST(ServersOwnFunctions, AreListedWithTheirVolatility) {
  const testing::PrivateServer server;
  const auto rows = server.connect().query(
      "SELECT proname, bool_and(provolatile = 'v')::int FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace "
      "AND prorettype IN (SELECT oid FROM pg_type WHERE typtype <> 'p' OR typname IN ('void', 'record', 'anyelement', 'anyarray')) "
      "AND proname !~ '^(binary_upgrade|(query|cursor|table|schema|database)_to_xml|ts_stat|ts_rewrite|brin_|gin_|satisfies_hash|currtid)' "
      "AND NOT proargtypes::oid[] && array['internal', 'cstring']::regtype[]::oid[] GROUP BY proname");
  ASSERT_GT(rows.size(), 1000U);
  for (const auto& row : rows) {
    EXPECT_TRUE(sql::is_server_function(*row[0])) << *row[0];
    EXPECT_TRUE(*row[1] == "0" || sql::is_volatile_function(*row[0])) << *row[0];
  }
}

}  // namespace
}  // namespace midflight::live
