#pragma once

#include <map>
#include <string>

namespace midflight::backends {

/// A connection URI split into what may be shown and what may not.
struct PostgresUri {
  std::string shown;     ///< "database app on db.example.org:5432 as alice"
  std::string password;  ///< empty without one
  std::map<std::string, std::string> keywords;  ///< as libpq names them; only what was said

  /// The same server and user, another database.
  PostgresUri with_database(const std::string& name) const;
};

/// Errors: Error(BadInput) for text that libpq does not read; what it was is
///         left out of the message, because a password may be in any part of it.
PostgresUri read_postgres_uri(const std::string& uri);

/// The text with every occurrence of the password made unreadable.
std::string without_password(std::string text, const PostgresUri& uri);

/// "ERROR:  it happened\nLINE 1: ..." to "it happened".
std::string first_line(const std::string& message);

/// The keywords as one text that libpq reads.
std::string connection_text(const PostgresUri& uri);

}  // namespace midflight::backends
