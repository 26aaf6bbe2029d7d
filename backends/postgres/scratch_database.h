#pragma once

#include <functional>
#include <memory>
#include <string>

#include "backends/postgres/connection.h"
#include "backends/postgres/uri.h"

namespace midflight::backends {

/// The database of one replay on somebody's server, and its removal.
///
/// Called midflight_ and twelve random digits.  As long as it is in use, its
/// maker holds an advisory lock that belongs to the name, so that what a killed
/// process left behind can be told from what another one needs, and is removed
/// at the next start: only databases of this role, named like ours, that nobody
/// is connected to, and that were not kept on purpose.
/// Errors: Error(Database) without the right to create databases.
class ScratchDatabase {
 public:
  using Note = std::function<void(const std::string&)>;
  /// `uri`: any database of the server, of a role that may create databases.
  ScratchDatabase(const PostgresUri& uri, bool keep, Note note);
  /// Ends every session in it and removes it; connects again where the
  /// connection is lost, for as long as a server takes to start.  Of a server
  /// that hangs it takes leave, with a note.
  ~ScratchDatabase();
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;

  const std::string& name() const { return name_; }

 private:
  void check_rights();
  void remove_abandoned();
  void create();

  PostgresUri uri_;
  bool keep_;
  Note note_;
  std::unique_ptr<PostgresConnection> server_;
  std::string name_;
};

}  // namespace midflight::backends
