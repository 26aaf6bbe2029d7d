#pragma once

#include <set>
#include <string>

#include "tests/live/corpus.h"
#include "tests/live/observation.h"
#include "tests/support/private_server.h"

namespace midflight::live {

/// The private server with a database per case, and how a case is observed on it.
///
/// A family's setup is run once, in a database that is then copied.  Every
/// database has the tablespace `fast` and the role `app` beside it.
class Laboratory {
 public:
  Laboratory();
  /// Errors: Error(Database) when a setup does not work.
  Observation observe(const Family& family, const Case& one);

 private:
  void make_template(const Family& family);
  void make_database(const std::string& name, const Family& family, const Case& one);
  void drop_database(const std::string& name);
  Observation observe_outside(const Family& family, const Case& one);

  testing::PrivateServer server_;
  backends::PostgresConnection admin_;
  std::set<std::string> templates_, shared_;
};

}  // namespace midflight::live
