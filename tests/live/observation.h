#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/model/lock_mode.h"

namespace midflight::live {

using Locks = std::map<std::string, LockMode>;  ///< strongest mode by relation

/// What a statement did, or is said to do, in the terms of README.md.
struct Effects {
  Locks locks;
  std::map<std::string, int> rewrites;      ///< relation to the number of its indexes with a new file
  std::map<std::string, int> index_builds;  ///< table to the number of its indexes with a new file
  std::set<std::string> scans;
};

/// Whom a statement that runs outside transactions waits for.
enum class WaitsFor { Writers, WritersAndReaders, OldSnapshots };

/// One wait, with the locks held meanwhile: for people to read.
struct Wait {
  WaitsFor whom;
  Locks held;
};

/// What a server did.
struct Observation {
  bool transaction_forbidden = false;
  std::string sqlstate, message;  ///< of a statement that failed
  Effects effects;
  bool scans_seen = true;         ///< false where the server has no way to tell
  // Of a statement that runs outside transactions; effects.locks are its requests.
  std::vector<Wait> waits;
  Locks seen;  ///< held by it at some wait

  std::map<std::string, char> kinds;  ///< relations before the statement, with pg_class.relkind
};

void strengthen(Locks& locks, const std::string& relation, LockMode mode);

/// For messages: one line each.
std::string text_of(const Locks& locks);
std::string text_of(const Effects& effects);
std::string text_of(const std::vector<Wait>& waits);
const char* name_of(WaitsFor whom);

}  // namespace midflight::live
