#include "sim/sql/newer_syntax.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/sql/token_edit.h"

// Source: PostgreSQL release notes and manual pages of the statements, versions 16 to 18.

namespace midflight::sql {
namespace {

using Kind = Unsaid::Kind;

void seen(OlderWords& out, int since) { out.since = std::max(out.since, since); }

/// GENERATED ALWAYS AS (...) VIRTUAL, or without a word, which means the same from 18 on.
void virtual_columns(TokenEdit& edit, OlderWords& out) {
  for (std::size_t i = 0; i + 3 < edit.size(); ++i) {
    if (!edit.words(i, {"generated", "always", "as"}) || !edit.symbol(i + 3, "(")) continue;
    const std::size_t close = edit.closing(i + 3);
    if (edit.word(close + 1, "stored")) continue;
    if (edit.word(close + 1, "virtual")) edit.replace(close + 1, 1, "STORED");
    else edit.insert_behind(close, " STORED");
    out.unsaid.push_back({Kind::ComputedOnRead, edit.name(edit.element_name(i))});
    seen(out, 18);
  }
}

/// [CONSTRAINT n] NOT NULL column, as a constraint of the table.
void not_null_constraints(TokenEdit& edit, OlderWords& out) {
  for (std::size_t i = 0; i + 2 < edit.size(); ++i) {
    if (!edit.words(i, {"not", "null"}) || !edit.is_name(i + 2)) continue;
    const bool named = i >= 2 && edit.word(i - 2, "constraint");
    if (!edit.begins_element(named ? i - 2 : i)) continue;
    const std::string column(edit.text(i + 2));
    edit.replace(i, 3, "CHECK (" + column + " IS NOT NULL)");
    out.unsaid.push_back({Kind::NotNull, edit.name(i + 2)});
    seen(out, 18);
  }
}

/// Without enforcement nothing is checked: as with a constraint that is not valid.
void enforcement(TokenEdit& edit, OlderWords& out) {
  for (std::size_t i = 1; i < edit.size(); ++i) {
    if (!edit.word(i, "enforced")) continue;
    seen(out, 18);
    const std::size_t first = edit.element_begin(i);
    if (edit.words(first, {"alter", "constraint"})) {
      if (edit.word(i - 1, "not")) out.why_not = "ALTER CONSTRAINT ... NOT ENFORCED";
      edit.replace(i, 1, "");
      out.unsaid.push_back({Kind::Enforced, edit.name(first + 2)});
    } else if (!edit.word(i - 1, "not")) {
      edit.replace(i, 1, "");
    } else if (edit.word(first, "constraint") || edit.word(first, "check") || edit.word(first, "foreign")) {
      edit.replace(i, 1, "VALID");
    } else {
      out.why_not = "NOT ENFORCED beside a column";
    }
  }
}

void temporal_keys(TokenEdit& edit, OlderWords& out) {
  for (std::size_t i = 0; i + 1 < edit.size(); ++i) {
    const bool overlaps = edit.words(i, {"without", "overlaps"});
    const bool period = edit.word(i, "period") && edit.is_name(i + 1) && i > 0 && (edit.symbol(i - 1, ",") || edit.symbol(i - 1, "("));
    if (!overlaps && !period) continue;
    edit.replace(i, overlaps ? 2 : 1, "");
    seen(out, 18);
  }
}

void column_settings(TokenEdit& edit, OlderWords& out) {
  for (std::size_t i = 0; i + 2 < edit.size(); ++i) {
    if (edit.words(i, {"set", "expression", "as"})) {
      edit.replace(i, 3, "SET DEFAULT");
      out.unsaid.push_back({Kind::Expression, edit.name(i - 1)});
      seen(out, 17);
    } else if (edit.words(i, {"set", "statistics", "default"})) {
      edit.replace(i + 2, 1, "-1");
      seen(out, 17);
    } else if (edit.words(i, {"set", "storage", "default"})) {
      edit.replace(i + 2, 1, "extended");
      seen(out, 16);
    } else if (edit.words(i, {"access", "method", "default"})) {
      edit.replace(i + 2, 1, "heap");
      seen(out, 17);
    }
  }
}

/// CREATE TABLE t (c text STORAGE external): where a value lies, nothing else.
void column_storage(TokenEdit& edit, OlderWords& out) {
  if (!edit.word(0, "create")) return;
  for (std::size_t i = 1; i + 1 < edit.size(); ++i) {
    if (!edit.word(i, "storage") || edit.begins_element(i) || !edit.is_name(i + 1) || edit.depth(i) != 1) continue;
    edit.replace(i, 2, "");
    seen(out, 16);
  }
}

void other_subcommands(TokenEdit& edit, OlderWords& out) {
  if (!edit.words(0, {"alter", "table"})) return;
  for (std::size_t i = 2; i + 1 < edit.size(); ++i) {
    if (edit.words(i, {"split", "partition"}) || edit.words(i, {"merge", "partitions"})) out.why_not = "SPLIT and MERGE of partitions";
    const bool inherits = edit.word(i + 3, "inherit"), no_longer = edit.words(i + 3, {"no", "inherit"});
    if (!edit.words(i, {"alter", "constraint"}) || !(inherits || no_longer)) continue;
    edit.replace(i + 3, inherits ? 1 : 2, "");
    out.unsaid.push_back({Kind::Inherited, edit.name(i + 2)});
    seen(out, 18);
  }
}

/// The same statement where it needed no name or knew fewer words.
void utility_statements(TokenEdit& edit, OlderWords& out) {
  const std::size_t last = edit.size() - 1;
  if (edit.word(0, "reindex") && (edit.word(last, "database") || edit.word(last, "system"))) {
    edit.insert_behind(last, " this_database");
    seen(out, 16);
  }
  if (edit.words(0, {"create", "statistics"})) {
    const std::size_t on = edit.symbol(2, "(") ? edit.closing(2) + 1 : 2;
    if (edit.word(on, "on")) {
      edit.insert_behind(1, " unnamed");
      seen(out, 16);
    }
  }
  if (!edit.word(0, "vacuum") && !edit.word(0, "analyze") && !edit.word(0, "analyse")) return;
  for (std::size_t i = 1; i < last; ++i) {
    if (!edit.word(i, "only") || edit.depth(i) != 0) continue;
    edit.replace(i, 1, "");
    out.unsaid.push_back({Kind::Only, edit.dotted_name(i + 1)});
    seen(out, 18);
  }
}

/// GRANT role TO user WITH INHERIT TRUE, SET FALSE.
void grant_options(TokenEdit& edit, OlderWords& out) {
  if (!edit.word(0, "grant")) return;
  for (std::size_t i = 1; i + 2 < edit.size(); ++i) {
    if (!edit.word(i, "with") || !(edit.word(i + 1, "inherit") || edit.word(i + 1, "set") || edit.word(i + 1, "admin"))) continue;
    edit.replace(i, edit.size() - i, "");
    return seen(out, 16);
  }
}

void merge_clauses(TokenEdit& edit, OlderWords& out) {
  for (std::size_t i = 0; i + 1 < edit.size(); ++i) {
    if (edit.words(i, {"not", "matched", "by", "source"})) {
      edit.replace(i, 4, "MATCHED");
      seen(out, 17);
    } else if (edit.words(i, {"not", "matched", "by", "target"})) {
      edit.replace(i, 4, "NOT MATCHED");
      seen(out, 17);
    } else if (edit.word(0, "merge") && edit.word(i, "returning") && edit.depth(i) == 0) {
      edit.replace(i, edit.size() - i, "");
      return seen(out, 17);
    } else if (edit.words(i, {"returning", "with"}) && edit.symbol(i + 2, "(")) {
      edit.replace(i + 1, edit.closing(i + 2) - i, "");
      seen(out, 18);
    }
  }
}

/// 1_000_000: two words to the older grammar.
void grouped_digits(TokenEdit& edit, OlderWords& out) {
  for (std::size_t i = 0; i + 1 < edit.size(); ++i) {
    if (!edit.is_number(i) || !edit.touches(i) || edit.text(i + 1).front() != '_') continue;
    std::string digits(edit.text(i + 1));
    std::erase(digits, '_');
    edit.replace(i + 1, 1, digits);
    seen(out, 16);
  }
}

void sql_json(const TokenEdit& edit, OlderWords& out) {
  constexpr std::array<std::string_view, 6> since_16 = {"json_array", "json_object", "json_arrayagg", "json_objectagg", "json_scalar", "json_serialize"};
  constexpr std::array<std::string_view, 5> since_17 = {"json_table", "json_exists", "json_query", "json_value", "json"};
  const auto calls = [&](std::size_t i, const auto& names) {
    return edit.symbol(i + 1, "(") && std::any_of(names.begin(), names.end(), [&](std::string_view name) { return edit.word(i, name); });
  };
  for (std::size_t i = 0; i < edit.size(); ++i) {
    const bool older = calls(i, since_16) || edit.words(i, {"is", "json"}) || edit.words(i, {"is", "not", "json"});
    const bool newer = calls(i, since_17);
    if (!older && !newer) continue;
    out.why_not = "SQL/JSON";
    seen(out, newer ? 17 : 16);
  }
}

}  // namespace

std::optional<OlderWords> older_words(std::string_view sql) {
  TokenEdit edit(sql);
  if (edit.size() == 0) return std::nullopt;
  OlderWords out;
  virtual_columns(edit, out);
  not_null_constraints(edit, out);
  enforcement(edit, out);
  temporal_keys(edit, out);
  column_settings(edit, out);
  column_storage(edit, out);
  other_subcommands(edit, out);
  utility_statements(edit, out);
  grant_options(edit, out);
  merge_clauses(edit, out);
  grouped_digits(edit, out);
  if (out.why_not.empty() && !edit.changed()) sql_json(edit, out);
  if (out.why_not.empty() && !edit.changed()) return std::nullopt;
  if (out.why_not.empty()) out.sql = edit.text();
  return out;
}

std::string newer_reason(const OlderWords& words) {
  if (words.since == 0) return words.why_not + " is in no released version of PostgreSQL";
  return fmt::format("{} is new in PostgreSQL {} and not followed here", words.why_not, words.since);
}

}  // namespace midflight::sql
