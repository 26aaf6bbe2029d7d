#include "backends/postgres/uri.h"

#include <libpq-fe.h>

#include <algorithm>
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
  PostgresUri read;
  read.keywords = keywords_of(uri);
  const auto value = [&](const char* keyword) {
    const auto said = read.keywords.find(keyword);
    return said == read.keywords.end() ? std::string() : said->second;
  };
  read.password = value("password");
  read.shown = value("dbname").empty() ? "the default database" : "database " + value("dbname");
  if (!value("host").empty()) read.shown += " on " + value("host");
  if (!value("port").empty()) read.shown += ":" + value("port");
  if (!value("user").empty()) read.shown += " as " + value("user");
  return read;
}

PostgresUri PostgresUri::with_database(const std::string& name) const {
  PostgresUri other = *this;
  other.keywords["dbname"] = name;
  return read_postgres_uri(connection_text(other));
}

std::string connection_text(const PostgresUri& uri) {
  std::string text;
  for (const auto& [keyword, value] : uri.keywords) {
    text += keyword + "='";
    for (const char c : value) text += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    text += "' ";
  }
  return text;
}

std::string first_line(const std::string& message) {
  std::string line = message.substr(0, message.find('\n'));
  for (const char* prefix : {"ERROR:", "FATAL:", "PANIC:"}) {
    const auto at = line.find(prefix);
    if (at == std::string::npos) continue;
    // What libpq puts before it names the server once more.
    line.erase(0, at + 6);
    line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
  }
  return line;
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
