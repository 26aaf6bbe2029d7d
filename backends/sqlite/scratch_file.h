#pragma once

#include <string>

#include "backends/sqlite/stale_scratch.h"

namespace midflight::backends {

/// The database file of one replay, with its journals, and its removal.
class ScratchFile {
 public:
  /// `path` empty: midflight-XXXXXX/scratch.db under TMPDIR or /tmp, where what
  /// killed processes left behind is removed first.
  ScratchFile(const std::string& path, bool in_place, bool keep);
  ~ScratchFile();
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_, directory_;  ///< directory: only where it is ours
  bool remove_ = true;
  ScratchMark mark_;
};

}  // namespace midflight::backends
