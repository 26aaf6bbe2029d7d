// Every case of the corpus is a test of its own, named by its file and its name.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>

#include "sim/kernel/error.h"
#include "tests/live/comparison.h"
#include "tests/live/corpus.h"
#include "tests/live/laboratory.h"
#include "tests/live/prediction.h"
#include "tests/support/server_process.h"

namespace midflight::live {
namespace {

const std::string kFolder = MIDFLIGHT_SOURCE_DIR "/tests/live";

bool is_set(const char* variable) { return std::getenv(variable) != nullptr; }

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "  " + line + "\n";
  return text;
}

std::string report(const Case& one, const Prediction& said, const Observation& seen, const std::vector<std::string>& found) {
  std::string text = one.place + " " + one.title() + "\n  " + one.sql + "\n" + joined(found);
  text += "  rules:  " + text_of(said.effects) + "\n  server: ";
  if (!seen.sqlstate.empty()) text += seen.sqlstate + " " + seen.message + "\n";
  else text += (seen.transaction_forbidden ? "no transaction; " : "") + text_of(seen.effects) + text_of(seen.waits) + "\n";
  return text;
}

/// What all cases share: the server, once one of them needs it.
struct Bench {
  int major = 0;
  std::vector<Family> families;
  std::unique_ptr<Laboratory> laboratory;
};

Bench& bench() {
  static Bench the_bench;
  return the_bench;
}

class CaseTest : public ::testing::Test {
 public:
  CaseTest(const Family& family, const Case& one) : family_(family), case_(one) {}

  void TestBody() override {
    if (!bench().laboratory) bench().laboratory = std::make_unique<Laboratory>();
    const Prediction said = predict(family_, case_, bench().major);
    const Observation seen = bench().laboratory->observe(family_, case_);
    const auto found = differences(case_, said, seen);
    if (is_set("MIDFLIGHT_LIVE_SHOW")) std::cout << report(case_, said, seen, found);
    EXPECT_TRUE(found.empty()) << report(case_, said, seen, found);
  }

 private:
  const Family& family_;
  const Case& case_;
};

TEST(Corpus, HoldsTwoHundredAndFiftyStatements) {
  std::size_t count = 0;
  for (const Family& family : bench().families) count += family.cases.size();
  EXPECT_GE(count, 250U);
}

void register_cases() {
  for (const Family& family : bench().families) {
    for (const Case& one : family.cases) {
      if (!one.runs_on(bench().major)) continue;
      ::testing::RegisterTest(family.name.c_str(), one.name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                              [&]() -> CaseTest* { return new CaseTest(family, one); });
    }
  }
}

int run_all() {
  bench().major = testing::server_major();
  bench().families = read_corpus(kFolder + "/statements");
  register_cases();
  const int status = RUN_ALL_TESTS();
  bench().laboratory.reset();
  return status;
}

}  // namespace
}  // namespace midflight::live

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  try {
    return midflight::live::run_all();
  } catch (const midflight::Error& e) {
    std::cerr << e.what() << "\n";
    return 1;
  }
}
