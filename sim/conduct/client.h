#pragma once

#include <optional>

#include "sim/model/engine.h"
#include "sim/model/outcome.h"
#include "sim/model/scenario.h"

namespace midflight::conduct {

/// What clients of the application do when a request goes wrong.

/// The pause after try number `tries` (0, 1, ...) failed; nothing where it was
/// the last.  A client that has given up tries no more, whatever this says.
inline std::optional<Duration> pause_after(const RequestRetry& retry, int tries) {
  if (tries + 1 >= retry.tries) return {};
  double pause = retry.pause.seconds();
  for (int i = 0; i < tries; ++i) pause *= retry.backoff;
  return Duration::from_seconds(pause);
}

/// What a request fails with whose client has waited for its timeout: in a
/// statement, for a connection, or between two tries.
inline ErrorKind gave_up(Engine engine) {
  if (engine == Engine::Sqlite) return {ErrorClass::RequestTimeout, "", "interrupted"};
  return {ErrorClass::RequestTimeout, "57014", "canceling statement due to user request"};
}

}  // namespace midflight::conduct
