#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "backends/data/fill_values.h"
#include "sim/kernel/time.h"
#include "sim/model/outcome.h"

namespace midflight::backends {

/// One request as its client saw it.
struct RequestRecord {
  Instant arrival{};             ///< intended
  Instant began{}, end{};        ///< its last try began; it was answered
  Duration lock_wait{};
  std::int64_t row = 0, serial = 0;
  std::uint32_t version = 0, endpoint = 0;
  std::uint16_t error = 0;       ///< 0: success
  bool in_system = true;         ///< false: refused at once
  bool behind_step = false;      ///< it may have waited for a step's lock
  std::uint64_t shown = 0;       ///< shown_hash() of what it was shown; 0: nothing to check
};

/// Stands for a value; never 0.
inline std::uint64_t shown_hash(const Value& value) { return std::hash<std::string>{}(value_text(value)) | 1U; }

/// How late requests were handed over to their instance, or, where that was
/// worse, taken by its idle connection.
struct Lateness {
  Duration p50{};   ///< handed over
  Duration p99{};
  Duration max{};   ///< of those that arrive from time 0 on
};

/// Small numbers for errors, for many threads.
///
/// Errors whose message may repeat a row's value (bad values, and what triggers
/// raise) are one kind for each SQLSTATE, with the first message; so are all
/// others from the thousandth kind on.
class ErrorNumbers {
 public:
  /// 0 for success.
  std::uint16_t number(const ErrorKind& kind);
  std::vector<ErrorKind> kinds() const;  ///< kinds()[0] is success

 private:
  using Key = std::tuple<ErrorClass, std::string, std::string>;  ///< class, SQLSTATE, message
  mutable std::mutex mutex_;
  std::vector<ErrorKind> kinds_{ErrorKind{}};
  std::map<Key, std::uint16_t> numbers_;
};

}  // namespace midflight::backends
