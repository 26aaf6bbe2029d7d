#pragma once

#include <atomic>

namespace midflight::cli {

/// Makes Ctrl-C and SIGTERM ask for an orderly end: the flag is set, whoever
/// works looks at it and cleans up.  A second signal ends at once.
void listen_for_stop();

/// Set once the user asked for an end.
const std::atomic<bool>& stop_asked();

/// 128 plus the signal that asked, as shells report it.
int stop_status();

}  // namespace midflight::cli
