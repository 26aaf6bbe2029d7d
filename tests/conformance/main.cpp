#include <gtest/gtest.h>

#include "tests/conformance/subject.h"
#include "tests/support/private_server.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const midflight::testing::PrivateServer server;
  midflight::backends::postgres_uri() = server.uri("postgres");
  return RUN_ALL_TESTS();
}
