#pragma once

#include "sim/kernel/random.h"
#include "sim/kernel/time.h"

namespace midflight::traffic {

/// The Poisson arrivals of one endpoint, one at a time, in order.
///
/// Every second of the clock is drawn from its own block of the stream, so a
/// simulation that enters at any instant meets the same requests as one that
/// was there from the start, and every strategy meets the same traffic.
class Arrivals {
 public:
  /// Requires: rate_per_second > 0.
  Arrivals(StreamKey key, double rate_per_second)
      : random_(key), mean_gap_ns_(1e9 / rate_per_second), salt_(Random(key, ~std::uint64_t{0}).next()) {}

  /// Goes to the first arrival at or after `from`.
  void seek(Instant from) {
    start_block(block_of(from));
    while (at_ < from) advance();
  }

  Instant at() const { return at_; }
  /// Random bits that belong to this arrival: for its instance, row and the like.
  std::uint64_t bits() const { return mixed_bits(static_cast<std::uint64_t>(at_.ns) ^ salt_); }

  void advance() {
    draw_next();
    while (at_.ns >= block_end_ns_) start_block(block_ + 1);
  }

 private:
  static constexpr std::int64_t kBlock = 1'000'000'000;
  // Traffic begins before time 0; block numbers do not.
  static constexpr std::int64_t kShift = std::int64_t{1} << 40;

  static std::int64_t block_of(Instant t) {
    return t.ns >= 0 ? t.ns / kBlock : -((-t.ns + kBlock - 1) / kBlock);
  }
  void draw_next() {
    at_.ns += 1 + static_cast<std::int64_t>(draw::exponential(random_) * mean_gap_ns_);
  }
  /// First arrival of a block; may lie past its end, then there is none in it.
  void enter(std::int64_t block) {
    block_ = block;
    block_end_ns_ = (block + 1) * kBlock;
    random_.seek(static_cast<std::uint64_t>(block + kShift));
    at_.ns = block * kBlock - 1;
    draw_next();
  }
  void start_block(std::int64_t block) {
    enter(block);
    while (at_.ns >= block_end_ns_) enter(block_ + 1);
  }

  Random random_;
  double mean_gap_ns_;
  std::uint64_t salt_;  ///< of the stream: equal instants of two streams share no bits
  std::int64_t block_ = 0, block_end_ns_ = 0;
  Instant at_ = Instant::never();
};

}  // namespace midflight::traffic
