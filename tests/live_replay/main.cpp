#include <gtest/gtest.h>

#include <optional>

#include "tests/live_replay/server.h"

namespace midflight::live_replay {

namespace {
std::optional<midflight::testing::PrivateServer> the_server;
}

midflight::testing::PrivateServer& server() { return *the_server; }

}  // namespace midflight::live_replay

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  midflight::live_replay::the_server.emplace();
  const int status = RUN_ALL_TESTS();
  midflight::live_replay::the_server.reset();
  return status;
}
