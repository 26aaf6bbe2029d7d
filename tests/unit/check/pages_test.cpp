#include "sim/check/pages.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace midflight::check {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(MIDFLIGHT_SOURCE_DIR) / "docs" / "rules";

std::string text_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

TEST(Pages, OnFileAreThoseOfTheRecords) {
  const bool update = std::getenv("MIDFLIGHT_UPDATE_EXPECTED") != nullptr;
  if (update) fs::create_directories(kFolder);
  for (const auto& [name, text] : rule_pages()) {
    if (update) std::ofstream(kFolder / name, std::ios::binary) << text;
    EXPECT_EQ(text_of(kFolder / name), text) << name << ": run script/update-expected";
  }
}

TEST(Pages, ThatNoRuleHasAreNotOnFile) {
  const auto pages = rule_pages();
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    EXPECT_TRUE(pages.contains(entry.path().filename().string())) << entry.path();
  }
}

/// Rules are hyphenated words; a page of topics that names one that is gone would mislead.
TEST(Topics, NameEveryRuleThatJudgesAStatement) {
  const std::string topics = text_of(fs::path(MIDFLIGHT_SOURCE_DIR) / "docs" / "checks_elsewhere.md");
  for (const Rule& rule : rules()) {
    if (rule.look == nullptr && rule.at_end == nullptr) continue;
    EXPECT_NE(topics.find(rule.id), std::string::npos) << rule.id;
  }
}

}  // namespace
}  // namespace midflight::check
