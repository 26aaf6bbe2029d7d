#include "tests/golden/transcript.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

namespace midflight::golden {

namespace fs = std::filesystem;

const std::string kExamples = MIDFLIGHT_SOURCE_DIR "/examples";

Transcript read_transcript(const std::string& path) {
  const fs::path whole = fs::path(kExamples) / path;
  Transcript transcript{whole.string(), whole.parent_path().string(), {}};
  std::ifstream file(whole);
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("$ ", 0) == 0) {
      transcript.entries.push_back({line.substr(2), ""});
    } else if (!transcript.entries.empty()) {
      transcript.entries.back().output += line + "\n";
    }
  }
  return transcript;
}

void write_transcript(const Transcript& transcript) {
  std::ofstream file(transcript.path);
  for (const Entry& entry : transcript.entries) file << "$ " << entry.command << "\n" << entry.output;
}

std::vector<std::string> transcripts() {
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(kExamples)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind("expected", 0) == 0 && entry.path().extension() == ".txt") {
      paths.push_back(fs::relative(entry.path(), kExamples).generic_string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string output_of(const std::string& command, const std::string& folder) {
  const std::string programs = fs::path(MIDFLIGHT_BINARY).parent_path().string();
  const std::string line = "cd '" + folder + "' && '" + programs + "'/" + command;
  FILE* pipe = popen(line.c_str(), "r");
  if (pipe == nullptr) return "";
  std::string text;
  std::array<char, 4096> part{};
  while (const std::size_t n = fread(part.data(), 1, part.size(), pipe)) text.append(part.data(), n);
  const int status = pclose(pipe);
  if (status != 0) text += "[exit status " + std::to_string(WIFEXITED(status) ? WEXITSTATUS(status) : -1) + "]\n";
  return text;
}

}  // namespace midflight::golden
