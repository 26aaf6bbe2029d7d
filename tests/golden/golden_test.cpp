#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "tests/golden/transcript.h"

namespace midflight::golden {
namespace {

namespace fs = std::filesystem;

const std::string kExamples = MIDFLIGHT_SOURCE_DIR "/examples";

class Example : public testing::TestWithParam<std::string> {};

TEST_P(Example, PrintsWhatIsExpected) {
  Transcript transcript = read_transcript(GetParam());
  ASSERT_FALSE(transcript.entries.empty()) << GetParam() << " has no line that begins with \"$ \"";
  const bool update = std::getenv("MIDFLIGHT_UPDATE_EXPECTED") != nullptr;
  for (Entry& entry : transcript.entries) {
    const std::string output = output_of(entry.command, transcript.folder);
    if (update) {
      entry.output = output;
    } else {
      EXPECT_EQ(output, entry.output) << "of: " << entry.command << "\nIf this is meant, run script/update-expected.";
    }
  }
  if (update) write_transcript(transcript);
}

/// "long_report_expected_lock_timeout" for long_report/expected-lock-timeout.txt.
std::string test_name(const testing::TestParamInfo<std::string>& info) {
  const fs::path path(info.param);
  std::string name = path.parent_path().filename().string() + "_" + path.stem().string();
  std::replace_if(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Examples, Example, testing::ValuesIn(transcripts()), test_name);

TEST(Examples, HaveAllTheirOutputOnFile) {
  std::set<std::string> told;
  for (const std::string& path : transcripts()) told.insert(fs::path(path).parent_path().string());
  std::set<std::string> all;
  for (const auto& entry : fs::directory_iterator(kExamples)) {
    if (entry.is_directory()) all.insert(entry.path().filename().string());
  }
  EXPECT_EQ(told, all);
}

TEST(Threads, DoNotChangeTheOutput) {
  const std::string command = "midflight compare scenario.yaml --quiet --runs 40 --format json --jobs ";
  for (const char* example : {"rename_column", "not_null", "wrong_order"}) {
    const std::string folder = kExamples + "/" + example;
    const std::string one = output_of(command + "1", folder);
    ASSERT_FALSE(one.empty());
    EXPECT_EQ(output_of(command + "2", folder), one) << example;
    EXPECT_EQ(output_of(command + "5", folder), one) << example;
  }
}

TEST(Seeds, ChangeTheOutput) {
  const std::string command = "midflight compare scenario.yaml --quiet --runs 10 --format json --seed ";
  const std::string folder = kExamples + "/rename_column";
  EXPECT_NE(output_of(command + "1", folder), output_of(command + "2", folder));
}

TEST(Commands, ThatFailShowTheirStatus) {
  const std::string output = output_of("midflight compare no-such-file.yaml --quiet 2>/dev/null", kExamples);
  EXPECT_EQ(output, "[exit status 2]\n");
}

}  // namespace
}  // namespace midflight::golden
