#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/kernel/error.h"

namespace midflight {

/// What a migration tool does around the statements of one script.
enum class Wrapping : std::uint8_t {
  EachStatement,   ///< nothing: each commits by itself, unless the script says BEGIN
  OneTransaction,  ///< opens a transaction before the first and commits behind the last
  UnlessRefused,   ///< the same, unless the script has a statement that refuses transactions: then EachStatement
  Implicit,        ///< sends the script as one string: PostgreSQL makes one transaction of it when it has several
                   ///< statements, except where it says BEGIN or COMMIT itself
};

/// One script of a history: the part that is run when the schema moves forward.
struct Migration {
  std::string path;
  std::string framework;           ///< "dbmate"; "plain" where no tool is known
  std::string version;             ///< by which the tool orders it; empty without one
  Wrapping wrapping = Wrapping::EachStatement;
  std::string text;                ///< lines as in the file: those that are not run are empty
  std::vector<Problem> problems;   ///< about the file as a whole; the text is still worth reading
};

}  // namespace midflight
