#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/check/session.h"
#include "sim/model/schema.h"

namespace midflight::check {

/// The schema as it was where a script's ROLLBACK leads back to.
///
/// Cost: nothing for scripts that never say ROLLBACK; a copy of the schema at each
///       BEGIN and SAVEPOINT of those that do.
class Rollback {
 public:
  /// `in_block`: a transaction of the tool is open from the start.
  Rollback(std::string_view script, bool in_block, const Schema& schema);

  /// Requires: called before the session runs the statement.
  void follow(const Statement& statement, const Session& session, Schema& schema);

 private:
  struct Point {
    std::string savepoint;  ///< empty: BEGIN
    Schema schema;
  };
  void back_to(const std::string& savepoint, Schema& schema);

  bool wanted_;
  std::vector<Point> points_;
};

}  // namespace midflight::check
