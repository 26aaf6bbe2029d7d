#include "backends/sqlite/errors.h"

#include <sqlite3.h>

#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

[[noreturn]] void broken(const std::string& message, const std::string& sql) {
  throw Error(ErrorCode::Database, "SQLite: " + message + (sql.empty() ? "" : " (in `" + sql.substr(0, 200) + "`)"));
}

bool cannot_be_read(const std::string& message) {
  return message.find("syntax error") != std::string::npos || message.find("unrecognized token") != std::string::npos ||
         message.find("incomplete input") != std::string::npos || message.find("no such function") != std::string::npos;
}

}  // namespace

ErrorKind sqlite_error(int code, const std::string& message, const std::string& sql) {
  switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: return {};
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {ErrorClass::LockTimeout, "", "database is locked"};
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH: return {ErrorClass::Constraint, "", message};
    case SQLITE_SCHEMA: return {ErrorClass::Schema, "", message};
    case SQLITE_INTERRUPT: return {ErrorClass::RequestTimeout, "", "interrupted"};
    case SQLITE_FULL: broken("the disk is full: " + message, "");
    case SQLITE_ERROR:
      // What is left of the generic code speaks of names that do not fit.
      if (!cannot_be_read(message)) return {ErrorClass::Schema, "", message};
      break;
    default: break;
  }
  broken(message, sql);
}

}  // namespace midflight::backends
