#include <fmt/format.h>

#include <algorithm>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

// Source: PostgreSQL manual, ALTER TYPE, "Notes".

namespace midflight::check {
namespace {

/// The string behind ALTER TYPE ... ADD VALUE [IF NOT EXISTS], with its quotes.
std::string_view added_value(const Words& words) {
  const auto& tokens = words.tokens();
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!is_word(tokens[i], "value")) continue;
    for (++i; i < tokens.size(); ++i) {
      if (tokens[i].kind == SqlTokenKind::String) return tokens[i].text;
    }
  }
  return {};
}

bool names_value(const Words& words, std::string_view value) {
  const auto& tokens = words.tokens();
  return std::any_of(tokens.begin(), tokens.end(), [&](const SqlToken& t) { return t.kind == SqlTokenKind::String && t.text == value; });
}

/// Spares reading every earlier statement again.
bool may_alter(std::string_view sql) { return !sql.empty() && (sql.front() == 'a' || sql.front() == 'A'); }

/// A type that the same transaction makes may be used with all its values.
bool made_here(const Look& look, const std::string& type) {
  const auto& seen = look.session.seen();
  return std::any_of(seen.begin(), seen.end(), [&](const Seen& earlier) {
    return earlier.transaction == look.session.transaction() &&
           std::any_of(earlier.statement.operations.begin(), earlier.statement.operations.end(), [&](const Operation& operation) {
             const auto* create = std::get_if<CreateEnum>(&operation);
             return create != nullptr && create->type.name == type;
           });
  });
}

void used_in_transaction(const Look& look, Remarks& say) {
  if (!look.session.in_block() || look.words.begin("alter type")) return;
  const auto& seen = look.session.seen();
  for (const Seen& earlier : seen) {
    if (earlier.transaction != look.session.transaction() || !may_alter(earlier.statement.sql)) continue;
    const Words words(earlier.statement.sql);
    if (!words.begin("alter type") || !words.contain("add value")) continue;
    const std::string_view value = added_value(words);
    if (value.empty() || !names_value(look.words, value) || made_here(look, words.name_behind("alter type"))) continue;
    say.push_back({fmt::format("{} was added to {} in this transaction and cannot be used before it commits (55P04).", value,
                               words.name_behind("alter type")),
                   fmt::format("{};  -- in a migration of its own, before this one", earlier.statement.sql)});
  }
}

void value_renamed(const Look& look, Remarks& say) {
  if (!look.words.begin("alter type") || !look.words.contain("rename value")) return;
  const std::string type = look.words.name_behind("alter type");
  const std::string_view value = added_value(look.words);
  say.push_back({fmt::format("Running versions write and compare with {} of {} and fail from now on (22P02).", value, type),
                 fmt::format("ALTER TYPE {} ADD VALUE ...;  -- the new one\n-- deploy a version that knows both, update the rows in batches, "
                             "deploy one that knows the new one alone", q(type))});
}

}  // namespace

std::vector<Rule> type_rules() {
  return {
      {.id = "enum-value-used-in-transaction",
       .severity = Severity::Danger,
       .title = "A new enum value is used in the transaction that adds it",
       .what = "A value that ALTER TYPE ... ADD VALUE adds may not be used before its transaction commits, unless that has made the type as well: the "
               "migration fails.",
       .instead = "Add the value in a migration of its own.",
       .concern = Concern::Refusal,
       .look = used_in_transaction,
       .bad = "BEGIN;\nALTER TYPE mood ADD VALUE 'great';\nUPDATE customers SET mood = 'great' WHERE id = 1;\nCOMMIT;",
       .good = "ALTER TYPE mood ADD VALUE 'great';\nUPDATE customers SET mood = 'great' WHERE id = 1;"},
      {.id = "enum-value-renamed",
       .severity = Severity::Danger,
       .title = "An enum value is renamed while versions overlap",
       .what = "The moment it commits, every running version that writes the old value or compares with it fails.",
       .instead = "Add the new value, move the rows, let the old value be.",
       .look = value_renamed,
       .bad = "ALTER TYPE mood RENAME VALUE 'bad' TO 'poor';",
       .good = "ALTER TYPE mood ADD VALUE 'poor';"},
  };
}

}  // namespace midflight::check
