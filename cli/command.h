#pragma once

namespace midflight::cli {

/// The whole command: reads the arguments, carries out one verb, tells every
/// mistake in a line.
/// Returns: the exit status.
int run(int argc, const char* const* argv);

}  // namespace midflight::cli
