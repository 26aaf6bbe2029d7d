#include <cstdio>
#include <cstring>

#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/passwords.h"
#include "midflight_version.h"

int main(int argc, char** argv) {
  // Before anything is built: scripts ask for the version often.
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
    return std::puts("midflight " MIDFLIGHT_VERSION) < 0 || std::fflush(stdout) != 0 ? 3 : 0;
  }
  const std::vector<std::string> words(argv, argv + argc);
  std::vector<const char*> copies;
  for (const std::string& word : words) copies.push_back(word.c_str());
  for (int i = 1; i < argc; ++i) midflight::cli::hide_password(argv[i]);
  return midflight::cli::run(argc, copies.data());
}
