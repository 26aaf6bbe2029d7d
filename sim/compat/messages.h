#pragma once

#include <string>

#include "sim/model/engine.h"
#include "sim/model/outcome.h"

namespace midflight::compat {

/// What the servers say, word for word; one function per mistake.
/// Source: PostgreSQL 15 and SQLite 3.40, seen on the servers.
struct Messages {
  Engine engine = Engine::Postgresql;

  ErrorKind no_relation(const std::string& relation) const;
  /// `qualifier`: the name before the dot, where the statement has one.
  ErrorKind no_column(const std::string& column, const std::string& qualifier = "") const;
  ErrorKind no_target_column(const std::string& relation, const std::string& column, bool insert) const;
  ErrorKind null_value(const std::string& table, const std::string& column) const;
  ErrorKind check_fails(const std::string& table, const std::string& constraint) const;
  ErrorKind view_not_writable(const std::string& view, const std::string& verb) const;
  ErrorKind view_column_not_writable(const std::string& view, const std::string& column, const std::string& verb) const;
  ErrorKind assigned_twice(const std::string& column) const;
  ErrorKind upsert_on_view() const;
};

}  // namespace midflight::compat
