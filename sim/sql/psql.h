#pragma once

#include <string>
#include <string_view>

namespace midflight::sql {

/// What a script holds for psql alone.  No server knows these lines: a driver
/// that sends them gets a syntax error.

/// A sentence on what a meta-command ("\i other.sql") means for the statements around it.
std::string meta_command_message(std::string_view line);

/// True for commands that only show, format or set psql's own variables (\echo, \timing, \set).
bool is_harmless(std::string_view line);

/// True for commands that end the statement typed so far, as a semicolon would
/// (\g, \gexec, \gset, ...) or by forgetting it (\r).
bool ends_statement(std::string_view line);

/// True for \copy ... from stdin: rows follow, up to a line `\.`.
bool copies_from_stdin(std::string_view line);

/// A sentence naming the first psql variable (:name) or template placeholder
/// (${name}, {{ name }}, ...) of a statement, and its place; empty without one.
struct Placeholder {
  std::string message;
  std::size_t at = 0;
};
Placeholder find_placeholder(std::string_view statement);

}  // namespace midflight::sql
