#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "sim/check/examples.h"

namespace midflight::check {
namespace {

class EveryRule : public testing::TestWithParam<std::string> {
 protected:
  const Rule& rule() const { return *rule_called(GetParam()); }
  static std::vector<std::string> sorted(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    return names;
  }
};

TEST_P(EveryRule, FindsItsBadExampleAndNothingElse) {
  if (rule().bad.empty()) return;
  std::vector<std::string> expected = {GetParam()};
  expected.insert(expected.end(), rule().also.begin(), rule().also.end());
  std::vector<std::string> found = rules_found(rule(), rule().bad);
  // What is understood is the business of sim/rules.
  if (GetParam() != "not-understood") std::erase(found, "not-understood");
  // Examples run under a lock_timeout, and so do their concurrent builds.
  if (GetParam() != "lock-timeout-ends-build") std::erase(found, "lock-timeout-ends-build");
  EXPECT_EQ(sorted(found), sorted(expected)) << rule().bad;
}

TEST_P(EveryRule, IsSilentOnItsGoodExample) {
  const std::vector<std::string> found = rules_found(rule(), rule().good);
  EXPECT_EQ(std::count(found.begin(), found.end(), GetParam()), 0) << rule().good;
}

TEST_P(EveryRule, SaysWhatItIsAbout) {
  EXPECT_TRUE(std::regex_match(GetParam(), std::regex("[a-z]+(-[a-z0-9]+)+")));
  EXPECT_FALSE(rule().title.empty());
  EXPECT_FALSE(rule().what.empty());
  EXPECT_FALSE(rule().instead.empty());
}

std::vector<std::string> ids() {
  std::vector<std::string> all;
  for (const Rule& rule : rules()) all.emplace_back(rule.id);
  return all;
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Rules, EveryRule, testing::ValuesIn(ids()), test_name);

TEST(Rules, HaveDifferentIds) {
  const std::vector<std::string> all = ids();
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
}

}  // namespace
}  // namespace midflight::check
