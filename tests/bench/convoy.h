#pragma once

#include <cstdint>

namespace midflight::bench {

/// The convoy: Poisson requests at 10,000/s for 300 s, exponential service of
/// 2 ms, a pool of 100, a shared lock on one table.  A reader holds the table
/// from 20 s for 5 s; an ALTER asks for it at 21 s and holds it for 50 ms.  No
/// timeouts, unlimited processors.
struct Convoy {
  static constexpr double kRate = 10'000, kSeconds = 300, kService = 0.002;
  static constexpr double kReaderFrom = 20, kReaderFor = 5, kAlterAt = 21, kAlterFor = 0.05;
  static constexpr int kPool = 100;
};

struct ConvoyResult {
  std::int64_t requests = 0, delayed = 0;  ///< delayed by more than a second
  double seconds = 0;                      ///< of wall clock
  double per_second() const { return static_cast<double>(requests) / seconds; }
};

/// The model written out as one loop, nothing abstracted: the limit.
ConvoyResult bare_convoy(std::uint64_t seed);
/// The same through the product's own engine, request by request.
ConvoyResult engine_convoy(std::uint64_t seed);

}  // namespace midflight::bench
