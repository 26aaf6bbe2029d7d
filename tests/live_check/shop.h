#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/check/check.h"
#include "sim/check/rule.h"
#include "sim/sql/script.h"
#include "tests/support/private_server.h"

namespace midflight::check {

/// One server, and a database with the example schema and a few rows to copy from.
class Shop {
 public:
  Shop();
  int major() const { return admin_.major_version(); }

  /// The first error of a script in a shop of its own: "" or its SQLSTATE and message.
  std::string run(std::string_view script, Wrapping wrapping);

 private:
  midflight::testing::PrivateServer server_;
  backends::PostgresConnection admin_;
  int count_ = 0;
};

Shop& shop();

/// What is found in an example of the rule, under the schema of the shop.
std::vector<Finding> findings_of(const Rule& rule, std::string_view example, int major);

}  // namespace midflight::check
