#include "sim/model/called.h"

#include <gtest/gtest.h>

namespace midflight {
namespace {

/// Names of every length up to a few words, and each with one byte changed.
TEST(Called, AgreesWithComparingByteByByte) {
  for (std::size_t size = 0; size <= 40; ++size) {
    const std::string name = std::string("abcdefghijklmnopqrstuvwxyz_0123456789ABC\xC3").substr(0, size);
    EXPECT_TRUE(is_called(name, name)) << name;
    EXPECT_FALSE(is_called(name, name + "x")) << name;
    for (std::size_t at = 0; at < size; ++at) {
      std::string other = name;
      other[at] = '?';
      EXPECT_FALSE(is_called(name, other)) << name << " and " << other;
    }
  }
}

}  // namespace
}  // namespace midflight
