#include "tests/live/comparison.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace midflight::live {
namespace {

using Found = std::vector<std::string>;

/// The first words of the statement, in capitals, comments left out.
std::string verb_of(const std::string& sql) {
  std::string verb;
  for (std::size_t i = 0; i < sql.size() && verb.size() < 60; ++i) {
    if (sql.compare(i, 2, "--") == 0) i = std::min(sql.find('\n', i), sql.size() - 1);
    const bool letter = std::isalpha(static_cast<unsigned char>(sql[i])) != 0;
    if (letter) verb += static_cast<char>(std::toupper(static_cast<unsigned char>(sql[i])));
    else if (!verb.empty() && verb.back() != ' ') verb += ' ';
  }
  return verb;
}

template <std::size_t N>
bool begins_with_any(const std::string& verb, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return verb.rfind(word, 0) == 0; });
}

bool handles_rows(const std::string& verb) {
  constexpr std::array<std::string_view, 10> kWords = {"SELECT ", "INSERT ", "UPDATE ", "DELETE ", "MERGE ",
                                                       "COPY ",   "WITH ",   "TABLE ",  "VALUES ", "EXPLAIN "};
  return begins_with_any(verb, kWords);
}

// What they read is a query's business.
bool runs_a_query(const std::string& verb) {
  constexpr std::array<std::string_view, 3> kWords = {"REFRESH ", "CREATE MATERIALIZED ", "DECLARE "};
  return handles_rows(verb) || begins_with_any(verb, kWords) ||
         (verb.rfind("CREATE ", 0) == 0 && verb.find(" AS SELECT ") != std::string::npos);
}

bool is_index(const std::map<std::string, char>& kinds, const std::string& relation) {
  const auto kind = kinds.find(relation);
  return kind != kinds.end() && (kind->second == 'i' || kind->second == 'I');
}

void leave_out_indexes(Locks& locks, const std::map<std::string, char>& kinds, bool all) {
  std::erase_if(locks, [&](const auto& lock) {
    return is_index(kinds, lock.first) && (all || lock.second == LockMode::AccessShareLock);
  });
}

/// Takes out of both what README.md leaves out.
void narrow(const std::string& verb, const std::map<std::string, char>& kinds, Effects& effects) {
  leave_out_indexes(effects.locks, kinds, handles_rows(verb));
  if (runs_a_query(verb)) effects.scans.clear();
  if (verb.rfind("TRUNCATE ", 0) == 0) {  // new files, but nothing is written into them
    effects.rewrites.clear();
    effects.index_builds.clear();
  }
}

std::string mode_in(const Locks& locks, const std::string& relation) {
  const auto found = locks.find(relation);
  return found == locks.end() ? "no lock" : std::string(lock_mode_name(found->second));
}

void compare_locks(const Locks& said, const Locks& seen, Found& found) {
  Locks both = said;
  both.insert(seen.begin(), seen.end());
  for (const auto& [relation, mode] : both) {
    if (mode_in(said, relation) == mode_in(seen, relation)) continue;
    found.push_back(relation + ": the rules say " + mode_in(said, relation) + ", the server took " + mode_in(seen, relation));
  }
}

void compare_counts(const char* what, const std::map<std::string, int>& said, const std::map<std::string, int>& seen, Found& found) {
  std::map<std::string, int> both = said;
  both.insert(seen.begin(), seen.end());
  for (const auto& [relation, count] : both) {
    const bool in_said = said.contains(relation), in_seen = seen.contains(relation);
    if (in_said != in_seen) {
      found.push_back(relation + ": " + (in_said ? "the rules say " : "the server did ") + what + ", the other not");
    } else if (said.at(relation) != seen.at(relation)) {
      found.push_back(relation + ": " + what + " of " + std::to_string(said.at(relation)) + " indexes by the rules, of " +
                      std::to_string(seen.at(relation)) + " by the server");
    }
  }
}

void compare_scans(const Effects& said, const Observation& seen, Found& found) {
  if (!seen.scans_seen) return;
  for (const std::string& relation : said.scans) {
    if (!seen.effects.scans.contains(relation)) found.push_back(relation + ": the rules say scan, the server made none");
  }
  for (const std::string& relation : seen.effects.scans) {
    if (!said.scans.contains(relation)) found.push_back(relation + ": the server scanned it, the rules say nothing of it");
  }
}

// Locks of indexes, sequences and materialized views are seen only where they
// are held while the statement waits.
void compare_seen(const Locks& said, const Observation& seen, Found& found) {
  for (const auto& [relation, mode] : seen.seen) {
    const auto known = said.find(relation);
    if (known != said.end() && known->second >= mode) continue;
    if (is_index(seen.kinds, relation) && mode == LockMode::AccessShareLock) continue;
    found.push_back(relation + ": the rules say " + mode_in(said, relation) + ", the server held " + std::string(lock_mode_name(mode)));
  }
}

bool is_table(const Observation& seen, const std::string& relation) {
  const auto kind = seen.kinds.find(relation);
  return kind == seen.kinds.end() || kind->second == 'r' || kind->second == 'p';
}

void compare_waits(const std::vector<Wait>& said, const std::vector<Wait>& seen, Found& found) {
  const bool same = std::equal(said.begin(), said.end(), seen.begin(), seen.end(),
                               [](const Wait& a, const Wait& b) { return a.whom == b.whom; });
  if (same) return;
  std::string text = "waits: by the rules";
  for (const Wait& wait : said) text += std::string(" [") + name_of(wait.whom) + "]";
  text += said.empty() ? " none; on the server" : "; on the server";
  for (const Wait& wait : seen) text += std::string(" [") + name_of(wait.whom) + "]";
  found.push_back(seen.empty() ? text + " none" : text);
}

void compare_outside(const Case& one, const Prediction& said, Observation& seen, Found& found) {
  Locks asked = said.effects.locks;
  std::erase_if(asked, [&](const auto& lock) { return !is_table(seen, lock.first); });
  compare_seen(said.effects.locks, seen, found);
  std::erase_if(seen.effects.locks, [&](const auto& lock) { return !is_table(seen, lock.first); });
  compare_locks(asked, seen.effects.locks, found);
  if (!one.blockers.empty()) compare_waits(said.waits, seen.waits, found);
}

Found failure(const Case& one, const Prediction& said, const Observation& seen) {
  if (seen.sqlstate != one.fails) return {"must fail with " + one.fails + ", the server says " + (seen.sqlstate.empty() ? "it works" : seen.sqlstate + " " + seen.message)};
  if (one.fails == "42601" ? said.syntax_error.empty() : said.misfit.empty()) return {"the server fails with " + seen.sqlstate + " " + seen.message + "; midflight expects it to work"};
  return {};
}

Found refusal(const Case& one, const Prediction& said) {
  const std::string reason = said.syntax_error.empty() ? said.why_not : said.syntax_error;
  if (said.understood && said.syntax_error.empty()) return {"must be not understood, but the rules answer with " + text_of(said.effects)};
  if (reason.find(one.refused) == std::string::npos) return {"the reason `" + reason + "` does not hold `" + one.refused + "`"};
  return {};
}

/// What midflight could not say at all.
Found silence(const Prediction& said) {
  if (!said.syntax_error.empty()) return {"not parsed: " + said.syntax_error};
  if (!said.understood) return {"not understood: " + said.why_not};
  if (!said.misfit.empty()) return {"the server accepts it, midflight expects: " + said.misfit};
  return {};
}

}  // namespace

std::vector<std::string> differences(const Case& one, Prediction said, Observation seen) {
  if (!said.setup_error.empty()) return {"the setup is not read: " + said.setup_error};
  if (!one.fails.empty()) return failure(one, said, seen);
  if (!seen.sqlstate.empty()) return {"the server refuses it: " + seen.sqlstate + " " + seen.message};
  if (!one.refused.empty()) return refusal(one, said);
  if (Found nothing = silence(said); !nothing.empty()) return nothing;
  Found found;
  if (said.transaction_forbidden != seen.transaction_forbidden) {
    found.push_back(seen.transaction_forbidden ? "the server refuses a transaction, the rules allow one"
                                               : "the rules refuse a transaction, the server allows one");
  }
  const std::string verb = verb_of(one.sql);
  narrow(verb, seen.kinds, said.effects);
  narrow(verb, seen.kinds, seen.effects);
  if (seen.transaction_forbidden) compare_outside(one, said, seen, found);
  else compare_locks(said.effects.locks, seen.effects.locks, found);
  compare_counts("a rewrite", said.effects.rewrites, seen.effects.rewrites, found);
  compare_counts("index builds", said.effects.index_builds, seen.effects.index_builds, found);
  compare_scans(said.effects, seen, found);
  return found;
}

}  // namespace midflight::live
