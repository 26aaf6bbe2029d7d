#include "backends/postgres/errors.h"

#include <algorithm>
#include <array>
#include <string_view>

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

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

ErrorKind postgres_error(const std::string& sqlstate, const std::string& message, ErrorClass cancelled_as,
                         const std::string& sql) {
  if (sqlstate == "57014") {
    const bool timed_out = has(message, "statement timeout");
    return {timed_out ? ErrorClass::StatementTimeout : cancelled_as, sqlstate, message};
  }
  if (sqlstate == "0A000" && has(message, "cached plan")) return {ErrorClass::StalePlan, sqlstate, message};
  const auto rule = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& r) { return sqlstate.starts_with(r.state); });
  if (rule != kRules.end() && rule->error != ErrorClass::None) return {rule->error, sqlstate, message};
  const std::string full = sqlstate == "53100" ? "the disk of the server is full: " : "";
  throw Error(ErrorCode::Database, "PostgreSQL: " + full + message + (sql.empty() ? "" : " (in `" + sql.substr(0, 200) + "`)"));
}

// A connection that is refused has no SQLSTATE in libpq.
bool refuses_connections(const std::string& message) {
  return has(message, "too many clients") || has(message, "connection slots are reserved") || has(message, "too many connections");
}

}  // namespace midflight::backends
