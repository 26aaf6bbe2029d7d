#pragma once

#include <string>

namespace midflight::backends {

/// Marks a scratch directory as in use for as long as the process lives, so
/// that what a killed one left behind can be told from what another one needs.
///
/// The mark is an advisory lock on a file inside: the system gives it back
/// whatever way the process ends.
class ScratchMark {
 public:
  ScratchMark() = default;
  ~ScratchMark();
  ScratchMark(const ScratchMark&) = delete;
  ScratchMark& operator=(const ScratchMark&) = delete;

  /// Returns: false when somebody took the directory for abandoned in the very
  ///          moment of its making.  A file system without locks leaves no mark.
  bool set(const std::string& directory);
  void remove();

 private:
  std::string path_;
  int file_ = -1;
};

/// Removes the scratch directories under `base` that carry a mark nobody holds.
///
/// Only directories of this user named like ours, with nothing but our own
/// files inside; anything else stays.  Never fails.
void remove_abandoned_scratch(const std::string& base) noexcept;

/// The files of a scratch database, beginning with the database itself.
void remove_database_files(const std::string& path) noexcept;

}  // namespace midflight::backends
