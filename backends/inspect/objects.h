#pragma once

#include <string>
#include <vector>

#include "backends/postgres/connection.h"

namespace midflight::backends {

/// Something that is made by one statement and that others may need.
struct SchemaObject {
  std::string key;   ///< kind and object number: "r16384"
  std::string name;
  std::string ddl;   ///< without the semicolon
  bool asked = true; ///< false: shown only where another object needs it
};

std::vector<SchemaObject> types_of(PostgresConnection& session);
std::vector<SchemaObject> functions_of(PostgresConnection& session);
std::vector<SchemaObject> sequences_of(PostgresConnection& session);
std::vector<SchemaObject> tables_of(PostgresConnection& session);
std::vector<SchemaObject> views_of(PostgresConnection& session);

/// All of these: each after what it needs, otherwise by kind and name.
std::vector<SchemaObject> objects_in_order(PostgresConnection& session);

}  // namespace midflight::backends
