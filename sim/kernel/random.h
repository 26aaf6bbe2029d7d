#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace midflight {

__extension__ typedef unsigned __int128 Uint128;  ///< for products of two 64-bit numbers

/// Names one random stream of one run.
///
/// Streams are keyed, never shared: drawing more from one leaves every other
/// stream as it was, which is what lets all strategies meet the same traffic.
struct StreamKey {
  std::uint64_t seed = 0;
  std::uint64_t run = 0;
  std::uint64_t stream = 0;  ///< stream_id("arrivals/profile")
};

/// A stable 64-bit id for a stream's name (FNV-1a, finished with a mixer).
constexpr std::uint64_t stream_id(std::string_view name) {
  std::uint64_t h = 14695981039346656037ULL;
  for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  h ^= h >> 32;
  h *= 0xd6e8feb86659fd93ULL;
  return h ^ (h >> 32);
}

/// 64 well-mixed bits of a number (the finisher of SplitMix64).
constexpr std::uint64_t mixed_bits(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

/// A counter-based generator: Philox 2x64 with ten rounds.
///
/// Its n-th output of block b is a pure function of (key, b, n), so any block
/// can be drawn without drawing what lies before it.
///
/// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11.
/// Cost:   2 to 3 ns a number; outputs are made eight at a time.
class Random {
 public:
  using result_type = std::uint64_t;

  Random() = default;
  explicit Random(StreamKey key, std::uint64_t block = 0);

  /// Philox with this very key and these counter words, as published vectors have it.
  static Random from_words(std::uint64_t key, std::uint64_t counter, std::uint64_t block);

  /// Goes to the start of a block of the same stream.
  void seek(std::uint64_t block);

  std::uint64_t next() {
    if (at_ == kBuffer) refill();
    return buffer_[at_++];
  }
  std::uint64_t operator()() { return next(); }
  static constexpr std::uint64_t min() { return 0; }
  static constexpr std::uint64_t max() { return ~std::uint64_t{0}; }

  /// Uniform on (0, 1): never 0 and never 1.
  double uniform() { return (static_cast<double>(next() >> 12) + 0.5) * 0x1p-52; }

  /// Uniform on 0 .. n-1.  Requires: n > 0.
  std::uint64_t below(std::uint64_t n) {
    return static_cast<std::uint64_t>((static_cast<Uint128>(next()) * n) >> 64);
  }

 private:
  static constexpr std::uint32_t kBuffer = 8;
  void refill();

  std::uint64_t key_ = 0;
  std::uint64_t block_ = 0;
  std::uint64_t counter_ = 0;
  std::uint32_t at_ = kBuffer;
  std::array<std::uint64_t, kBuffer> buffer_{};
};

/// Samplers of our own, so that a seed gives the same run with every compiler
/// and C library.
namespace draw {

/// The edges x[i] of 256 layers of equal area under a falling density, from
/// the outermost (0) to the peak (256), and the density f there.
/// Source: Marsaglia and Tsang, "The ziggurat method", J. Stat. Software 5(8), 2000.
struct Ziggurat {
  std::array<double, 257> x, f;
};
extern const Ziggurat kExponentialZiggurat, kNormalZiggurat;
double exponential_at_edge(Random& random, std::uint64_t bits);  ///< the rare rest of exponential()
double normal_at_edge(Random& random, std::uint64_t bits);       ///< the rare rest of normal()

/// The layer is chosen by bits 0-7, the place in it by bits 11-63, the sign by bit 8.
inline double ziggurat_place(const Ziggurat& table, std::uint64_t bits) {
  return static_cast<double>(static_cast<std::int64_t>(bits >> 11)) * 0x1p-53 * table.x[bits & 255];
}

/// Mean 1, at least 0.  Cost: one number and one comparison 98 times in 100.
inline double exponential(Random& random) {
  const std::uint64_t bits = random.next();
  const double x = ziggurat_place(kExponentialZiggurat, bits);
  if (x < kExponentialZiggurat.x[(bits & 255) + 1]) return x;
  return exponential_at_edge(random, bits);
}

/// Mean 0, deviation 1.
inline double normal(Random& random) {
  const std::uint64_t bits = random.next();
  const double x = ziggurat_place(kNormalZiggurat, bits);
  if (x < kNormalZiggurat.x[(bits & 255) + 1]) return (bits & 256) != 0 ? -x : x;
  return normal_at_edge(random, bits);
}

/// Exact for means up to 2^62.  Requires: mean >= 0, finite.
std::int64_t poisson(Random& random, double mean);
/// Exact for n up to 2^62.  Requires: n >= 0; p is clamped to [0, 1].
std::int64_t binomial(Random& random, std::int64_t n, double p);

}  // namespace draw

/// exp and log from nothing but IEEE sums and products: the same bits
/// everywhere, within 2 ulp.
double portable_exp(double x);
double portable_log(double x);

}  // namespace midflight
