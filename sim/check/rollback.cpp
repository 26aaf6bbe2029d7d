#include "sim/check/rollback.h"

#include <algorithm>
#include <cctype>

namespace midflight::check {
namespace {

/// At the beginning of a line or behind a semicolon: elsewhere it is a word of a comment or of another statement.
bool begins_statement(std::string_view script, std::size_t at) {
  const std::size_t before = at == 0 ? std::string_view::npos : script.find_last_not_of(" \t", at - 1);
  return before == std::string_view::npos || script[before] == '\n' || script[before] == '\r' || script[before] == ';';
}

bool says(std::string_view script, std::string_view word) {
  const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  for (auto at = script.begin(); at != script.end(); ++at) {
    at = std::search(at, script.end(), word.begin(), word.end(), same);
    if (at == script.end()) return false;
    if (begins_statement(script, static_cast<std::size_t>(at - script.begin()))) return true;
  }
  return false;
}

}  // namespace

Rollback::Rollback(std::string_view script, bool in_block, const Schema& schema) : wanted_(says(script, "rollback") || says(script, "abort")) {
  if (wanted_ && in_block) points_ = {{"", schema}};
}

void Rollback::back_to(const std::string& savepoint, Schema& schema) {
  const auto point = std::find_if(points_.rbegin(), points_.rend(), [&](const Point& p) { return p.savepoint == savepoint; });
  if (point == points_.rend()) return;
  schema = point->schema;
  points_.erase(point.base(), points_.end());
}

void Rollback::follow(const Statement& statement, const Session& session, Schema& schema) {
  if (!wanted_) return;
  switch (transaction_word(statement)) {
    case TransactionWord::None:
    case TransactionWord::Release: return;
    case TransactionWord::Begin:
      if (!session.in_block()) points_ = {{"", schema}};
      return;
    case TransactionWord::Savepoint: points_.push_back({savepoint_name(statement), schema}); return;
    case TransactionWord::RollbackTo: return back_to(savepoint_name(statement), schema);
    case TransactionWord::Rollback: back_to("", schema); break;
    case TransactionWord::Commit: break;
  }
  points_.clear();
  if (session.in_block() && chains(statement)) points_ = {{"", schema}};
}

}  // namespace midflight::check
