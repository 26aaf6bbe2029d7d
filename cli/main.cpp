#include <cstdio>
#include <cstring>

#include "cli/command.h"
#include "midflight_version.h"

int main(int argc, char** argv) {
  // Before anything is built: scripts ask for the version often.
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
    return std::puts("midflight " MIDFLIGHT_VERSION) < 0 || std::fflush(stdout) != 0 ? 3 : 0;
  }
  return midflight::cli::run(argc, argv);
}
