#pragma once

#include <string>
#include <vector>

#include "sim/kernel/distribution.h"
#include "sim/model/statement.h"

namespace midflight {

/// One kind of request: one transaction of one or more statements.
struct Endpoint {
  std::string name;
  double rate_per_second = 0;           ///< of the whole application
  Distribution time;                    ///< service demand on the database, of the whole request
  Distribution think;                   ///< idle in transaction between statements
  std::vector<Statement> statements;
};

/// The statements one release of the application runs.
struct Version {
  std::string name;
  std::vector<Endpoint> endpoints;
  std::string note;                     ///< of derived versions: "writes both, reads the old column"
};

}  // namespace midflight
