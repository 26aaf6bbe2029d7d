#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace midflight {

/// A place in the user's input.  Lines and columns count from 1; 0 means unknown.
struct Position {
  std::string file;
  int line = 0;
  int column = 0;

  /// "scenario.yaml:12:3", leaving out what is unknown.
  std::string text() const;
};

/// Why the user's input or environment was not good enough.
enum class ErrorCode : std::uint8_t {
  BadInput,      ///< scenario, SQL or option: exit status 2
  NotSupported,  ///< understood, but not built or reserved: exit status 2
  Database,      ///< a live database or the replay failed: exit status 3
  Output,        ///< a result could not be written: exit status 3
  Interrupted,   ///< the user stopped it
};

/// One thing wrong, where, and (after the sentence) what to do about it.
struct Problem {
  Position where;
  std::string message;
};

/// The one exception for mistakes of the user or the environment.
///
/// Carries every problem found, so that a scenario is mended in one go.
/// Expected outcomes of a run (a lock timeout, a deadlock) are never thrown.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, std::vector<Problem> problems);
  Error(ErrorCode code, std::string message, Position where = {});

  ErrorCode code() const { return code_; }
  const std::vector<Problem>& problems() const { return problems_; }

 private:
  ErrorCode code_;
  std::vector<Problem> problems_;
};

/// Ends the process with the place and the broken promise.  Always on.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace midflight

/// A promise of our own that no input can break.
#define MIDFLIGHT_CHECK(condition) \
  ((condition) ? void(0) : ::midflight::check_failed(#condition, __FILE__, __LINE__))
