#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <random>
#include <utility>

#include "sim/check/check.h"

/// Statements of every family, spoiled in every order: schemas that no script
/// leaves behind on purpose, under every rule.
namespace midflight::check {
namespace {

namespace fs = std::filesystem;
using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t bound) { return random() % bound; }

/// The setups and cases of the live corpus, as pieces between blank lines.
std::vector<std::string> corpus() {
  std::vector<std::string> pieces;
  for (const auto& entry : fs::directory_iterator(fs::path(MIDFLIGHT_SOURCE_DIR) / "tests" / "live" / "statements")) {
    std::ifstream file(entry.path());
    std::string piece;
    for (std::string line; std::getline(file, line);) {
      if (!line.empty()) piece += line + "\n";
      else if (!piece.empty()) pieces.push_back(std::exchange(piece, ""));
    }
    pieces.push_back(piece);
  }
  std::sort(pieces.begin(), pieces.end());  // folders have no order
  return pieces;
}

std::string spoiled(std::string text, const std::vector<std::string>& pieces, Random& random) {
  static constexpr std::array kWords = {" ONLY ", " CASCADE ", " ( ", " ) ", "'", "$$", "--", "/*", ";", " IF EXISTS ", " DEFAULT ",
                                        " NOT VALID ", " USING INDEX ", ",", " PARTITION OF ", "\xff", " CONCURRENTLY ", " INHERITS "};
  for (std::size_t changes = below(random, 3); changes > 0 && !text.empty(); --changes) {
    const std::size_t at = below(random, text.size());
    switch (below(random, 4)) {
      case 0: text.erase(at, 1 + below(random, 12)); break;
      case 1: text.insert(at, kWords[below(random, kWords.size())]); break;
      case 2: text[at] = static_cast<char>(below(random, 256)); break;
      default: text = text.substr(0, at) + pieces[below(random, pieces.size())]; break;
    }
  }
  return text;
}

/// Every statement is understood or has a reason; every finding has a rule, a place and words.
void expect_sound(const ScriptReport& report) {
  for (const StatementReport& one : report.statements) {
    EXPECT_TRUE(one.work.understood || !one.work.why_not.empty()) << one.sql;
  }
  for (const Finding& finding : report.findings) {
    EXPECT_FALSE(finding.rule.empty() || finding.message.empty());
    EXPECT_GE(finding.where.begin.line, 1);
  }
}

TEST(HostileScripts, OfSpoiledStatementsEveryoneIsUnderstoodOrRefusedWithAReason) {
  const std::vector<std::string> pieces = corpus();
  ASSERT_GT(pieces.size(), 500U);
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    std::string script;
    for (int i = 0; i < 40; ++i) script += spoiled(pieces[below(random, pieces.size())], pieces, random) + "\n;\n";
    Options options;
    options.dialect.version = static_cast<int>(12 + seed % 7);
    Checker checker(options);
    expect_sound(checker.check({"m.sql", "plain", "", Wrapping::EachStatement, script, {}}));
  }
}

}  // namespace
}  // namespace midflight::check
