#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace midflight {

/// The class of a failed request.
enum class ErrorClass : std::uint8_t {
  None, Schema, Constraint, LockTimeout, StatementTimeout, RequestTimeout,
  PoolTimeout, Connections, Deadlock, StalePlan, NoInstance,
};

constexpr std::string_view error_class_name(ErrorClass c) {
  constexpr std::array<std::string_view, 11> names = {
      "none", "schema", "constraint", "lock_timeout", "statement_timeout", "request_timeout",
      "pool_timeout", "connections", "deadlock", "stale_plan", "no_instance"};
  return names[static_cast<std::size_t>(c)];
}

/// An error as the application sees it.
struct ErrorKind {
  ErrorClass error = ErrorClass::None;
  std::string sqlstate;   ///< "" where no server spoke
  std::string message;
  bool operator==(const ErrorKind&) const = default;
};

}  // namespace midflight
