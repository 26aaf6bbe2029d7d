#include "sim/rules/partition_bound.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "sim/model/sql_text.h"

namespace midflight::rules {
namespace {

/// `column op value`; "notnull" has no value, "in" and "not in" have several.
struct Atom {
  std::string column, op, value;
  std::vector<std::string> values = {};
};

/// Literals that can be ordered: numbers by value, strings of one length (dates,
/// codes) by their characters.  Nothing for any other pair.
std::optional<int> compare(const std::string& a, const std::string& b) {
  if (a == b) return 0;
  const auto is_number = [](const std::string& s) { return !s.empty() && s.find_first_not_of("0123456789.-") == std::string::npos; };
  if (is_number(a) && is_number(b)) return std::atof(a.c_str()) < std::atof(b.c_str()) ? -1 : 1;
  if (a.size() == b.size() && a.front() == '\'' && b.front() == '\'') return a < b ? -1 : 1;
  return std::nullopt;
}

bool is_literal(const SqlToken& token) { return token.text.front() == '\'' || (token.text.front() >= '0' && token.text.front() <= '9'); }

/// c IN ('a', 'b'), c NOT IN (...), c = ANY (ARRAY['a'::text, ...]) and c <> ALL (...), as pg_dump writes them.
std::optional<Atom> set_of(const std::vector<SqlToken>& tokens, std::size_t begin, std::size_t end) {
  const auto is = [&](std::size_t i, std::string_view word) { return begin + i < end && is_word(tokens[begin + i], word); };
  const bool any = begin + 2 < end && tokens[begin + 1].text == "=" && is(2, "any");
  const bool all = begin + 2 < end && tokens[begin + 1].text == "<>" && is(2, "all");
  const bool not_in = is(1, "not") && is(2, "in");
  if (!is(1, "in") && !not_in && !any && !all) return std::nullopt;
  Atom atom{token_name(tokens[begin]), not_in || all ? "not in" : "in", ""};
  bool in_cast = false;
  for (std::size_t i = begin + (is(1, "in") ? 2 : 3); i < end; ++i) {
    const SqlToken& token = tokens[i];
    const bool mark = token.text.find_first_not_of("()[],") == std::string_view::npos;
    if (is_literal(token)) atom.values.emplace_back(token.text);
    else if (!mark && !in_cast && token.text != "::" && !is_word(token, "array")) return std::nullopt;
    in_cast = token.text == "::" || (in_cast && !mark);
  }
  return atom.column.empty() || atom.values.empty() ? std::nullopt : std::optional(atom);
}

/// One comparison from tokens [begin, end); casts behind the literal are dropped.
std::optional<Atom> atom_of(const std::vector<SqlToken>& tokens, std::size_t begin, std::size_t end) {
  while (end - begin >= 2 && tokens[begin].text == "(" && tokens[end - 1].text == ")") ++begin, --end;
  if (end - begin < 3) return std::nullopt;
  if (auto set = set_of(tokens, begin, end)) return set;
  Atom atom{token_name(tokens[begin]), std::string(tokens[begin + 1].text), ""};
  if (atom.column.empty()) return std::nullopt;
  if (is_word(tokens[begin + 1], "is") && end - begin == 4 && is_word(tokens[begin + 2], "not") && is_word(tokens[begin + 3], "null")) {
    return Atom{atom.column, "notnull", ""};
  }
  std::size_t at = begin + 2;
  if (tokens[at].text == "-" && at + 1 < end) atom.value = "-", ++at;
  atom.value += tokens[at].text;
  // Behind the literal only a cast: '2024-01-01'::date.
  const bool cast = at + 2 < end && tokens[at + 1].text == "::" &&
                    std::all_of(tokens.begin() + at + 2, tokens.begin() + end, [](const SqlToken& t) { return !token_name(t).empty(); });
  const bool plain = at + 1 == end || cast;
  return plain ? std::optional(atom) : std::nullopt;
}

/// The comparisons that an expression joins by AND; those it cannot read are left out.
void add_conjuncts(const std::string& expression, std::vector<Atom>& out) {
  const std::vector<SqlToken> tokens = sql_tokens(expression);
  if (std::any_of(tokens.begin(), tokens.end(), [](const SqlToken& t) { return is_word(t, "or") || is_word(t, "case"); })) return;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= tokens.size(); ++i) {
    if (i < tokens.size() && !is_word(tokens[i], "and")) continue;
    std::size_t first = begin, last = i;
    while (first < last && tokens[first].text == "(") ++first;
    while (last > first && tokens[last - 1].text == ")") --last;
    if (auto atom = atom_of(tokens, first, last)) out.push_back(*atom);
    begin = i + 1;
  }
}

std::vector<Atom> known_of(const Table& table) {
  std::vector<Atom> known;
  for (const Constraint& c : table.constraints) {
    if (c.kind == ConstraintKind::Check && c.valid) add_conjuncts(c.expression, known);
  }
  for (const Column& column : table.columns) {
    if (column.not_null) known.push_back({column.name, "notnull", ""});
  }
  return known;
}

bool is_among(const std::string& value, const std::vector<std::string>& values) {
  return std::any_of(values.begin(), values.end(), [&](const std::string& other) { return compare(value, other) == 0; });
}

/// `wanted` is a list of values.
bool implies_set(const Atom& given, const Atom& wanted) {
  if (given.op == "=") return is_among(given.value, wanted.values);
  return given.op == "in" && std::all_of(given.values.begin(), given.values.end(), [&](const std::string& v) { return is_among(v, wanted.values); });
}

/// True if `given` leaves no value for which `wanted` is false.
bool implies(const Atom& given, const Atom& wanted) {
  if (given.column != wanted.column) return false;
  if (wanted.op == "notnull") return given.op == "notnull";
  if (wanted.op == "in") return implies_set(given, wanted);
  if (given.op == "in" || given.op == "not in") return false;
  const auto order = compare(given.value, wanted.value);
  if (!order || given.op == "notnull") return false;
  if (wanted.op == "=") return given.op == "=" && *order == 0;
  if (wanted.op == ">=") return (given.op == ">=" || given.op == "=" || given.op == ">") && *order >= 0;
  if (wanted.op == "<") return (given.op == "<" && *order <= 0) || ((given.op == "<=" || given.op == "=") && *order < 0);
  return false;
}

bool implied(const std::vector<Atom>& known, const Atom& wanted) {
  return std::any_of(known.begin(), known.end(), [&](const Atom& given) { return implies(given, wanted); });
}

/// The literals of the n-th pair of brackets.
std::vector<std::string> bracket(const std::string& bound, int nth) {
  std::vector<std::string> values;
  int depth = 0, seen = -1;
  for (const SqlToken& token : sql_tokens(bound)) {
    if (token.text == "(" && ++depth == 1) { ++seen; continue; }
    if (token.text == ")") --depth;
    if (depth >= 1 && seen == nth && token.text != ",") values.emplace_back(token.text);
  }
  return values;
}

bool is_list(const std::string& bound) { return bound.starts_with("FOR VALUES IN"); }
bool is_range(const std::string& bound) { return bound.starts_with("FOR VALUES FROM"); }

/// What rows of a partition satisfy; nothing where it cannot be said in atoms.
std::optional<std::vector<Atom>> conditions(const std::string& column, const std::string& bound) {
  std::vector<Atom> wanted = {{column, "notnull", ""}};
  if (is_list(bound)) {
    const std::vector<std::string> values = bracket(bound, 0);
    const bool plain = std::all_of(values.begin(), values.end(), [](const std::string& v) { return v != "NULL" && v != "-"; });
    if (!plain) return std::nullopt;
    wanted.push_back({column, "in", "", values});
    return wanted;
  }
  if (!is_range(bound)) return std::nullopt;
  const std::vector<std::string> from = bracket(bound, 0), to = bracket(bound, 1);
  if (from.size() != 1 || to.size() != 1) return std::nullopt;
  if (from.front() != "MINVALUE") wanted.push_back({column, ">=", from.front()});
  if (to.front() != "MAXVALUE") wanted.push_back({column, "<", to.front()});
  return wanted;
}

bool excludes_value(const std::vector<Atom>& known, const std::string& column, const std::string& value) {
  return std::any_of(known.begin(), known.end(), [&](const Atom& given) {
    if (given.column != column) return false;
    if (given.op == "not in") return is_among(value, given.values);
    if (given.op == "in") return std::all_of(given.values.begin(), given.values.end(), [&](const std::string& v) { return compare(v, value).value_or(0) != 0; });
    const auto order = compare(given.value, value);
    if (!order) return false;
    if (given.op == "<>" || given.op == "!=") return *order == 0;
    return (given.op == "=" && *order != 0) || (given.op == "<" && *order <= 0) || (given.op == ">=" && *order > 0);
  });
}

using Tokens = std::vector<SqlToken>;

Tokens without_brackets(Tokens tokens) {
  const auto encloses = [](const Tokens& t) {
    int depth = 0;
    for (std::size_t i = 0; i < t.size(); ++i) {
      depth += t[i].text == "(" ? 1 : t[i].text == ")" ? -1 : 0;
      if (depth == 0 && i + 1 < t.size()) return false;
    }
    return t.size() > 2;
  };
  while (!tokens.empty() && tokens.front().text == "(" && encloses(tokens)) tokens = Tokens(tokens.begin() + 1, tokens.end() - 1);
  return tokens;
}

/// The parts of an expression that a word joins outside brackets.
std::vector<Tokens> parts_of(const Tokens& tokens, std::string_view word) {
  std::vector<Tokens> parts(1);
  int depth = 0;
  for (const SqlToken& token : tokens) {
    depth += token.text == "(" ? 1 : token.text == ")" ? -1 : 0;
    if (depth == 0 && is_word(token, word)) parts.emplace_back();
    else parts.back().push_back(token);
  }
  return parts;
}

/// A CHECK such as (c < from OR c >= to), alone or joined to others by AND.
bool alternatives_exclude(const Constraint& check, const Atom& below, const Atom& above) {
  for (const Tokens& conjunct : parts_of(without_brackets(sql_tokens(check.expression)), "and")) {
    const std::vector<Tokens> ways = parts_of(without_brackets(conjunct), "or");
    const bool all = std::all_of(ways.begin(), ways.end(), [&](const Tokens& way) {
      const auto given = atom_of(way, 0, way.size());
      return given && (implies(*given, below) || implies(*given, above));
    });
    if (all && ways.size() > 1) return true;
  }
  return false;
}

}  // namespace

bool rows_fit_bound(const Table& table, const Table& parent, const std::string& bound) {
  if (parent.partition_columns.size() != 1) return false;
  const auto wanted = conditions(parent.partition_columns.front(), bound);
  if (!wanted) return false;
  const std::vector<Atom> known = known_of(table);
  return std::all_of(wanted->begin(), wanted->end(), [&](const Atom& atom) { return implied(known, atom); });
}

bool check_proves_not_null(const Constraint& check, const std::string& column) {
  std::vector<Atom> known;
  add_conjuncts(check.expression, known);
  return implied(known, {column, "notnull", ""});
}

bool rows_outside_bound(const Table& rest, const Table& parent, const std::string& bound) {
  if (parent.partition_columns.size() != 1) return false;
  const std::string& column = parent.partition_columns.front();
  const std::vector<Atom> known = known_of(rest);
  if (is_list(bound)) {
    const std::vector<std::string> values = bracket(bound, 0);
    return !values.empty() && std::all_of(values.begin(), values.end(), [&](const std::string& v) { return excludes_value(known, column, v); });
  }
  if (!is_range(bound)) return false;
  const std::vector<std::string> from = bracket(bound, 0), to = bracket(bound, 1);
  if (from.size() != 1 || to.size() != 1) return false;
  const Atom below{column, "<", from.front()}, above{column, ">=", to.front()};
  return implied(known, below) || implied(known, above) ||
         std::any_of(rest.constraints.begin(), rest.constraints.end(), [&](const Constraint& c) {
           return c.kind == ConstraintKind::Check && c.valid && alternatives_exclude(c, below, above);
         });
}

}  // namespace midflight::rules
