#include "backends/postgres/server_facts.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/folder.h"

namespace midflight::backends {
namespace {

// At the end of a tunnel the server sees a local client, and its process has a number that here is nobody's, or another's.
TEST(ThisMachine, IsWhereTheServersProcessIs) {
  const testing::Folder processes;
  for (const char* number : {"41", "42"}) std::filesystem::create_directory(processes.path(number));
  processes.write("41/comm", "postgres\n");
  processes.write("42/comm", "sshd\n");
  EXPECT_TRUE(is_server_process("41", processes.path("")));
  EXPECT_FALSE(is_server_process("42", processes.path("")));
  EXPECT_FALSE(is_server_process("43", processes.path("")));
}

}  // namespace
}  // namespace midflight::backends
