#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/kernel/random.h"

namespace midflight::traffic {

/// How an arrival's random bits choose its instance and its row.  Simulation and
/// replay share the rule, or a replay would not meet the simulated requests.

/// Further bits of an arrival, apart from those that chose its instance.
constexpr std::uint64_t more_bits(std::uint64_t bits, std::uint64_t what) {
  return mixed_bits(bits + (what + 1) * 0x9e3779b97f4a7c15ULL);
}

/// One of n evenly.  Requires: n > 0.
constexpr std::size_t choose(std::uint64_t bits, std::size_t n) {
  return static_cast<std::size_t>((static_cast<Uint128>(bits) * n) >> 64);
}

}  // namespace midflight::traffic
