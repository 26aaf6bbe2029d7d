#include "backends/postgres/errors.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

/// A whole state, or the two letters of its class.
struct Rule {
  std::string_view state;
  ErrorClass error;
};

// The first that fits.  Class None: no value but the end of the replay.
constexpr std::array kRules = {
    Rule{"55P03", ErrorClass::LockTimeout}, Rule{"40P01", ErrorClass::Deadlock},  Rule{"40001", ErrorClass::Deadlock},
    Rule{"53300", ErrorClass::Connections}, Rule{"42601", ErrorClass::None},      Rule{"42501", ErrorClass::None},
    Rule{"2BP01", ErrorClass::Schema},      Rule{"55000", ErrorClass::Schema},    Rule{"55006", ErrorClass::Schema},
    Rule{"0A", ErrorClass::Schema},         Rule{"22", ErrorClass::Constraint},   Rule{"23", ErrorClass::Constraint},
    Rule{"25", ErrorClass::Schema},         Rule{"26", ErrorClass::StalePlan},    Rule{"42", ErrorClass::Schema},
    Rule{"44", ErrorClass::Constraint},     Rule{"P0", ErrorClass::Constraint},   Rule{"3F", ErrorClass::Schema},
};

/// Where libpq puts the state into a verbose message, and how long it is with what follows; npos, 0 without.
std::pair<std::size_t, std::size_t> place_of_state(const std::string& message) {
  constexpr std::size_t kLength = 5;
  constexpr std::string_view kBefore = ":  ", kAfter = ": ";
  for (auto at = message.find(kBefore); at != std::string::npos; at = message.find(kBefore, at + 1)) {
    const std::size_t begin = at + kBefore.size(), end = begin + kLength;
    if (message.compare(std::min(end, message.size()), kAfter.size(), kAfter) != 0) continue;
    const bool state = std::all_of(message.begin() + static_cast<std::ptrdiff_t>(begin), message.begin() + static_cast<std::ptrdiff_t>(end),
                                   [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
    if (state) return {begin, kLength + kAfter.size()};
  }
  return {std::string::npos, 0};
}

}  // namespace

ErrorKind postgres_error(const std::string& sqlstate, const std::string& message, ErrorClass cancelled_as,
                         const std::string& sql, const std::string& source) {
  if (sqlstate == "57014") return {cancelled_as, sqlstate, message};
  if (is_stale_plan(sqlstate, source)) return {ErrorClass::StalePlan, sqlstate, message};
  const auto rule = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& r) { return sqlstate.starts_with(r.state); });
  if (rule != kRules.end() && rule->error != ErrorClass::None) return {rule->error, sqlstate, message};
  const std::string full = sqlstate == "53100" ? "the disk of the server is full: " : "";
  throw Error(ErrorCode::Database, "PostgreSQL: " + full + message + (sql.empty() ? "" : " (in `" + sql.substr(0, 200) + "`)"));
}

// Source: PostgreSQL, src/backend/utils/cache/plancache.c, versions 12 to 18: no other error of that function has the state.
bool is_stale_plan(const std::string& sqlstate, const std::string& source) {
  return sqlstate == "0A000" && source == "RevalidateCachedQuery";
}

// libpq has no other way to tell the SQLSTATE of a connection that is refused.
bool refuses_connections(const std::string& message) {
  const auto [at, length] = place_of_state(message);
  return at != std::string::npos && message.compare(at, 5, "53300") == 0;
}

std::string without_state(const std::string& message) {
  const auto [at, length] = place_of_state(message);
  return at == std::string::npos ? message : std::string(message).erase(at, length);
}

}  // namespace midflight::backends
