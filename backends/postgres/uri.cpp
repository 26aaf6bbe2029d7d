#include "backends/postgres/uri.h"

#include <libpq-fe.h>

#include <map>
#include <memory>

#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

std::map<std::string, std::string> keywords_of(const std::string& uri) {
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(PQconninfoParse(uri.c_str(), nullptr),
                                                                               PQconninfoFree);
  if (!options) throw Error(ErrorCode::BadInput, "this is no connection URI PostgreSQL reads; write postgresql://user@host:port/database");
  std::map<std::string, std::string> values;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) values[option->keyword] = option->val;
  }
  return values;
}

}  // namespace

PostgresUri read_postgres_uri(const std::string& uri) {
  auto values = keywords_of(uri);
  PostgresUri read;
  read.password = values["password"];
  read.shown = values["dbname"].empty() ? "the default database" : "database " + values["dbname"];
  if (!values["host"].empty()) read.shown += " on " + values["host"];
  if (!values["port"].empty()) read.shown += ":" + values["port"];
  if (!values["user"].empty()) read.shown += " as " + values["user"];
  return read;
}

std::string without_password(std::string text, const PostgresUri& uri) {
  if (uri.password.empty()) return text;
  for (std::size_t at = 0; (at = text.find(uri.password, at)) != std::string::npos;) {
    text.replace(at, uri.password.size(), "***");
    at += 3;
  }
  return text;
}

}  // namespace midflight::backends
