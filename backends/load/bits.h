#pragma once

#include <cstddef>
#include <cstdint>

namespace midflight::backends {

/// How an arrival's random bits choose its instance and row: exactly as the
/// simulator does, or a replay would not meet the simulated requests.

/// Further random bits of an arrival, apart from those that chose its instance.
constexpr std::uint64_t more_bits(std::uint64_t bits, std::uint64_t what) {
  std::uint64_t z = bits + (what + 1) * 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

/// One of n evenly.  Requires: n > 0.
constexpr std::size_t choose(std::uint64_t bits, std::size_t n) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::size_t>((static_cast<Wide>(bits) * n) >> 64);
}

}  // namespace midflight::backends
