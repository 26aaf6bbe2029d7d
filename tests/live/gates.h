#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/live/outside.h"

namespace midflight::live {

/// A name as read_relations() gives it, for SQL.
std::string quoted_relation(const std::string& relation);

/// Sessions that hold AccessExclusiveLock on every table, so that a statement
/// must stop at each table it asks for.
///
/// A gate that opens has another behind it in the queue: a statement that gives
/// the table back and asks again, in its next transaction, stops again.
/// Owns: its sessions, which end with it.
class Gates {
 public:
  explicit Gates(const Opener& open);
  ~Gates();

  /// Lets pass who waits for these server processes; others are not its own.
  void open_those(const std::set<int>& processes);

 private:
  class Gate;
  std::unique_ptr<Gate> close(const std::string& table);
  void await_in_queue(int process);

  const Opener& open_;
  backends::PostgresConnection watcher_;
  std::map<int, std::unique_ptr<Gate>> gates_;
};

}  // namespace midflight::live
