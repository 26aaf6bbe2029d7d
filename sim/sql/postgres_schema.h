#pragma once

#include <string>
#include <vector>

#include "sim/model/schema.h"

namespace midflight::sql {

/// The statements that make a schema on PostgreSQL, in an order that may need
/// help: foundations and relations may need each other, and so may views.
struct PostgresCreation {
  std::vector<std::string> schemas;
  std::vector<std::string> foundations;  ///< extensions, functions, ...: as the schema file has them
  std::vector<std::string> relations;    ///< types, sequences and tables with their keys and checks
  std::vector<std::string> partitions;   ///< ATTACH PARTITION and INHERIT
  std::vector<std::string> after_rows;   ///< indexes, foreign keys and checks that are not valid yet
  std::vector<std::string> views;        ///< materialized ones too, with their indexes
};

PostgresCreation postgres_creation(const Schema& schema);

/// All of it, one behind the other.
/// Scope: triggers, rules and extended statistics are left out.
std::vector<std::string> postgres_schema(const Schema& schema);

}  // namespace midflight::sql
