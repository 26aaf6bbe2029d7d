#pragma once

#include <functional>
#include <string>
#include <vector>

#include "backends/postgres/wire.h"
#include "sim/model/schema.h"
#include "sim/sql/postgres_schema.h"

namespace midflight::backends {

/// Makes a schema in an empty database, each thing as soon as what it needs is there.
///
/// An extension, a function and whatever else the schema file has beside tables
/// and types may be missing on this server or need more rights: it is left out
/// with a note, and named again where a table turns out to need it.
class SchemaCreation {
 public:
  using Note = std::function<void(const std::string&)>;
  SchemaCreation(Wire& wire, const Schema& schema, Note note);

  /// What rows need: types, functions, tables, partitions in their places.
  void make_tables();
  /// Indexes, foreign keys and views.
  void make_the_rest();
  /// Errors: Error(Database) with the statement.
  void execute(const std::string& sql);

 private:
  struct Pending {
    std::string sql;
    bool may_fail = false;
    WireReply reply = {};
  };

  void make(std::vector<Pending> pending);
  std::vector<Pending> attempt(std::vector<Pending> pending);
  void leave_out(const Pending& pending);
  [[noreturn]] void fail(const std::string& sql, const WireReply& reply) const;

  Wire& wire_;
  Note note_;
  sql::PostgresCreation parts_;
  std::string left_out_;  ///< the first thing, and why
};

}  // namespace midflight::backends
