#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sim/check/examples.h"
#include "tests/live_check/shop.h"

// Both examples of every rule, run on a server: what a page shows must work, or fail as the rule says.

namespace midflight::check {
namespace {

/// Rules about what the server refuses.
const std::map<std::string_view, std::string_view>& failures() {
  static const std::map<std::string_view, std::string_view> all = {
      {"concurrently-in-transaction", "25001"}, {"required-column-added", "23502"}, {"enum-value-used-in-transaction", "55P04"},
      {"column-assigned-twice", "42601"},       {"partition-key-not-in-key", "0A000"},       {"refused-on-partitioned-table", "0A000"},
      {"syntax-error", "42601"},          {"does-not-fit", "42704"}};
  return all;
}

TEST(RulesOnAServer, GoodExamplesWork) {
  for (const Rule& rule : rules()) {
    if (rule.since > shop().major()) continue;
    EXPECT_EQ(shop().run(rule.good, rule.wrapping), "") << rule.id;
  }
}

TEST(RulesOnAServer, BadExamplesWorkOrFailAsTheirRuleSays) {
  for (const Rule& rule : rules()) {
    if (rule.since > shop().major() || rule.bad.empty()) continue;
    const auto expected = failures().find(rule.id);
    const std::string failure = shop().run(rule.bad, rule.wrapping);
    EXPECT_EQ(failure.substr(0, 5), expected == failures().end() ? "" : expected->second) << rule.id << ": " << failure;
  }
}

/// The statements of a script before a place, as one text.
std::string before(std::string_view script, const Position& place) {
  sql::ScriptReader reader(std::string(script), "example.sql");
  std::string out;
  while (auto piece = reader.next()) {
    if (std::pair(piece->where.line, piece->where.column) >= std::pair(place.line, place.column)) break;
    out.append(piece->text).append(";\n");
  }
  return out;
}

/// Their advice takes the place of the statements before as well.
const std::set<std::string_view> kInAnotherOrder = {"index-dropped-before-replacement", "enum-value-used-in-transaction"};

// What is left open ("...") cannot be run.
TEST(RulesOnAServer, AdviceWorks) {
  int run = 0;
  for (const Rule& rule : rules()) {
    if (rule.since > shop().major() || rule.bad.empty()) continue;
    for (const Finding& finding : findings_of(rule, rule.bad, shop().major())) {
      if (finding.rule != rule.id || finding.instead.empty() || finding.instead.find("...") != std::string::npos) continue;
      const std::string script = (kInAnotherOrder.contains(rule.id) ? "" : before(rule.bad, finding.where.begin)) + finding.instead;
      EXPECT_EQ(shop().run(script, Wrapping::EachStatement), "") << rule.id << ":\n" << script;
      ++run;
    }
  }
  EXPECT_GT(run, 40);
}

}  // namespace
}  // namespace midflight::check
