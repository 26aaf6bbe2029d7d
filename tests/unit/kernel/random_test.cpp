#include "sim/kernel/random.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <set>
#include <vector>

namespace midflight {
namespace {

std::vector<std::uint64_t> numbers(Random random, int count) {
  std::vector<std::uint64_t> values;
  for (int i = 0; i < count; ++i) values.push_back(random.next());
  return values;
}

// The known answers of Random123 for philox2x64-10: counter, key, result.
TEST(Random, AgreesWithPublishedVectors) {
  using Two = std::vector<std::uint64_t>;
  EXPECT_EQ(numbers(Random::from_words(0, 0, 0), 2), (Two{0xca00a0459843d731, 0x66c24222c9a845b5}));
  EXPECT_EQ(numbers(Random::from_words(~0ULL, ~0ULL, ~0ULL), 2), (Two{0x65b021d60cd8310f, 0x4d02f3222f86df20}));
  EXPECT_EQ(numbers(Random::from_words(0xa4093822299f31d0, 0x243f6a8885a308d3, 0x13198a2e03707344), 2),
            (Two{0x0a5e742c2997341c, 0xb0f883d38000de5d}));
}

TEST(Random, LanesAreConsecutiveCounters) {
  const auto all = numbers(Random::from_words(7, 0, 9), 24);
  for (std::uint64_t counter = 0; counter < 12; ++counter) {
    const auto two = numbers(Random::from_words(7, counter, 9), 2);
    EXPECT_EQ(all[2 * counter], two[0]);
    EXPECT_EQ(all[2 * counter + 1], two[1]);
  }
}

TEST(Random, ABlockDoesNotDependOnWhatWasDrawnBefore) {
  const StreamKey key{1, 2, stream_id("arrivals/profile")};
  Random wandering(key);
  for (int i = 0; i < 1001; ++i) wandering.next();
  wandering.seek(17);
  EXPECT_EQ(numbers(wandering, 20), numbers(Random(key, 17), 20));
}

TEST(Random, EveryPartOfTheKeyMakesAnotherStream) {
  std::set<std::uint64_t> firsts;
  for (std::uint64_t i = 0; i < 10; ++i) {
    for (std::uint64_t j = 0; j < 10; ++j) {
      for (std::uint64_t k = 0; k < 10; ++k) firsts.insert(Random(StreamKey{i, j, k}, 0).next());
    }
  }
  EXPECT_EQ(firsts.size(), 1000U);
}

TEST(Random, NamesOfStreamsDiffer) {
  static_assert(stream_id("arrivals/a") != stream_id("arrivals/b"));
  static_assert(stream_id("a") != stream_id(""));
}

// Each of 64 bits in 100,000 numbers: mean 50,000, deviation 158.
TEST(Random, EveryBitIsSetHalfTheTime) {
  Random random(StreamKey{3, 1, 4});
  std::array<int, 64> set{};
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t value = random.next();
    for (std::size_t bit = 0; bit < 64; ++bit) set[bit] += static_cast<int>(value >> bit & 1);
  }
  for (const int count : set) EXPECT_NEAR(count, 50'000, 4.5 * 158);
}

// Streams of neighbouring runs share half their bits: 64,000 bits, deviation 126.
TEST(Random, NeighbouringRunsAreUnrelated) {
  Random a(StreamKey{1, 1, 5}), b(StreamKey{1, 2, 5});
  int same = 0;
  for (int i = 0; i < 1000; ++i) same += 64 - std::popcount(a.next() ^ b.next());
  EXPECT_NEAR(same, 32'000, 4 * 126);
}

TEST(Random, UniformIsNeverAnEnd) {
  Random random(StreamKey{1, 1, 1});
  for (int i = 0; i < 100'000; ++i) {
    const double u = random.uniform();
    ASSERT_GT(u, 0);
    ASSERT_LT(u, 1);
  }
}

TEST(Random, BelowGivesEveryNumberEquallyOften) {
  Random random(StreamKey{1, 1, 2});
  std::array<int, 6> seen{};
  for (int i = 0; i < 60'000; ++i) ++seen.at(random.below(6));
  for (const int count : seen) EXPECT_NEAR(count, 10'000, 4 * 91);  // deviation sqrt(60,000 5/36)
}

}  // namespace
}  // namespace midflight
