#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/io/scenario.h"
#include "sim/kernel/error.h"

namespace midflight::io::testing {

/// True when the text has the piece in it.
inline ::testing::AssertionResult says(const std::string& text, const std::string& piece) {
  if (text.find(piece) != std::string::npos) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "`" << text << "` does not say `" << piece << "`";
}

/// True when one of the texts has the piece in it.
inline ::testing::AssertionResult one_says(const std::vector<std::string>& texts, const std::string& piece) {
  std::string all;
  for (const std::string& text : texts) {
    if (says(text, piece)) return ::testing::AssertionSuccess();
    all += text + "\n";
  }
  return ::testing::AssertionFailure() << all << "does not say `" << piece << "`";
}

/// A small scenario that is right; tests change one thing in it.
inline const std::string& good_scenario() {
  static const std::string text =
      "name: test\n"                                                                  // 1
      "database: {engine: postgresql}\n"                                              // 2
      "schema: |\n"                                                                   // 3
      "  CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50));\n"             // 4
      "tables:\n"                                                                     // 5
      "  users: {rows: 1000, row_bytes: 96}\n"                                        // 6
      "app:\n"                                                                        // 7
      "  instances: 2\n"                                                              // 8
      "  pool: 5\n"                                                                   // 9
      "  rollout: {kind: rolling, startup: 3s, drain: 2s}\n"                          // 10
      "  versions:\n"                                                                 // 11
      "    v1:\n"                                                                     // 12
      "      - {name: profile, rate: 50/s, sql: SELECT name FROM users WHERE id = $1}\n"  // 13
      "change: ALTER TABLE users RENAME COLUMN name TO full_name\n"                   // 14
      "migration:\n"                                                                  // 15
      "  lock_timeout: 2s\n"                                                          // 16
      "objective: {latency: 1s}\n";                                                   // 17
  return text;
}

/// The good scenario with one piece of text replaced by another.
inline std::string with(const std::string& from, const std::string& to) {
  std::string text = good_scenario();
  const std::size_t at = text.find(from);
  MIDFLIGHT_CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// The good scenario with the steps of a plan instead of its change.
inline std::string with_plan(const std::string& steps) {
  return with("change: ALTER TABLE users RENAME COLUMN name TO full_name\n", "plan:\n" + steps);
}

inline Scenario parsed(const std::string& yaml, const ScenarioOverrides& overrides = {}) {
  return parse_scenario(yaml, "s.yaml", "", overrides);
}

/// "s.yaml:9:9: `app.pool` must ..." of every problem; empty when there is none.
inline std::vector<std::string> problems(const std::string& yaml, const ScenarioOverrides& overrides = {}) {
  std::vector<std::string> found;
  try {
    parsed(yaml, overrides);
  } catch (const Error& error) {
    for (const Problem& problem : error.problems()) found.push_back(problem.where.text() + ": " + problem.message);
  }
  return found;
}

inline std::string all_problems(const std::string& yaml, const ScenarioOverrides& overrides = {}) {
  std::string text;
  for (const std::string& problem : problems(yaml, overrides)) text += problem + "\n";
  return text;
}

}  // namespace midflight::io::testing
