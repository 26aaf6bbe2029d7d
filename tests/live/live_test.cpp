// Every case of the corpus is a test of its own, named by its file and its name.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

#include "sim/kernel/error.h"
#include "tests/live/comparison.h"
#include "tests/live/corpus.h"
#include "tests/live/laboratory.h"
#include "tests/live/pending.h"
#include "tests/live/prediction.h"
#include "tests/support/server_process.h"

namespace midflight::live {
namespace {

const std::string kFolder = MIDFLIGHT_SOURCE_DIR "/tests/live";
const std::string kPendingFile = kFolder + "/pending.txt";

bool is_set(const char* variable) { return std::getenv(variable) != nullptr; }

std::string text_at(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

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

/// What all cases share: the server, once one of them needs it, and the list of those that wait.
struct Bench {
  int major = 0;
  std::vector<Family> families;
  std::vector<Pending> pending;
  std::vector<std::string> agreed;  ///< lines of pending.txt
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
    judge(find_pending(bench().pending, case_.title(), bench().major), report(case_, said, seen, found), found.empty());
  }

 private:
  static void judge(const Pending* pending, const std::string& report, bool agrees) {
    if (pending == nullptr) {
      EXPECT_TRUE(agrees) << report;
    } else if (agrees) {
      bench().agreed.push_back(pending->line);
      EXPECT_TRUE(is_set("MIDFLIGHT_UPDATE_PENDING")) << "agrees now; take its line out of pending.txt: " << pending->line;
    }
  }

  const Family& family_;
  const Case& case_;
};

TEST(Pending, EveryLineNamesACase) {
  for (const Pending& pending : bench().pending) {
    const auto known = [&] {
      for (const Family& family : bench().families) {
        for (const Case& one : family.cases) {
          if (one.title() == pending.title) return true;
        }
      }
      return false;
    };
    EXPECT_TRUE(known()) << "pending.txt: " << pending.line;
  }
}

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
  bench().pending = read_pending(text_at(kPendingFile));
  register_cases();
  const int status = RUN_ALL_TESTS();
  bench().laboratory.reset();
  if (is_set("MIDFLIGHT_UPDATE_PENDING")) {
    const std::string left = without_lines(text_at(kPendingFile), bench().agreed);
    std::ofstream(kPendingFile) << left;
  }
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
