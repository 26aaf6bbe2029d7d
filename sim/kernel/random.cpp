#include "sim/kernel/random.h"

namespace midflight {
namespace {

constexpr std::uint64_t kMultiplier = 0xd2b74407b1ce6e93ULL;
constexpr std::uint64_t kWeyl = 0x9e3779b97f4a7c15ULL;
constexpr int kRounds = 10;
constexpr int kLanes = 4;

/// A bijection that lets every input bit reach every output bit.
/// Source: Stafford's variant 13 of the MurmurHash3 finaliser.
constexpr std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

Random::Random(StreamKey key, std::uint64_t block)
    : key_(mix(mix(mix(key.seed + kWeyl) + key.run + kWeyl) + key.stream + kWeyl)), block_(block) {}

Random Random::from_words(std::uint64_t key, std::uint64_t counter, std::uint64_t block) {
  Random random;
  random.key_ = key;
  random.counter_ = counter;
  random.block_ = block;
  return random;
}

void Random::seek(std::uint64_t block) {
  block_ = block;
  counter_ = 0;
  at_ = kBuffer;
}

void Random::refill() {
  std::array<std::uint64_t, kLanes> left{}, right{};
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    left[lane] = counter_ + lane;
    right[lane] = block_;
  }
  std::uint64_t key = key_;
  for (int round = 0; round < kRounds; ++round, key += kWeyl) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const auto product = static_cast<Uint128>(left[lane]) * kMultiplier;
      left[lane] = static_cast<std::uint64_t>(product >> 64) ^ key ^ right[lane];
      right[lane] = static_cast<std::uint64_t>(product);
    }
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    buffer_[2 * lane] = left[lane];
    buffer_[2 * lane + 1] = right[lane];
  }
  counter_ += kLanes;
  at_ = 0;
}

}  // namespace midflight
