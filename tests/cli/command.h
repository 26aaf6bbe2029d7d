#pragma once

#include <string>

#include "tests/support/folder.h"

namespace midflight::cli_test {

/// What a command left behind.
struct Outcome {
  int status = -1;      ///< exit status; 128 plus the signal when killed
  std::string out, err;
};

/// A replay that did all it was to do.  Where the machine was too busy for the load
/// it says so and ends with status 3, which is no fault of what is tested.
inline bool replayed_or_late(const Outcome& o) {
  const auto says = [&](const char* text) { return o.err.find(text) != std::string::npos; };
  return o.status == 0 || (o.status == 3 && says("fell behind") && !says("not carried out"));
}

/// Runs the binary through /bin/sh: `arguments` may hold redirections and pipes.
Outcome midflight(const std::string& arguments);

using testing::Folder;

std::string read(const std::string& path);

/// A small scenario that runs in milliseconds: a rename on a table of 1,000 rows.
std::string small_scenario();

}  // namespace midflight::cli_test
