#include <array>
#include <cstdint>

#include "sim/kernel/portable_math.h"
#include "sim/kernel/random.h"

namespace midflight::draw {
namespace {

// Where the outermost layer's rectangle ends: with it, 256 layers have equal area.
constexpr double kExponentialEnd = 7.69711747013104972;
constexpr double kNormalEnd = 3.6541528853610088;

constexpr double exponential_density(double x) { return portable::exp(-x); }
constexpr double exponential_inverse(double y) { return -portable::log(y); }
constexpr double normal_density(double x) { return portable::exp(-0.5 * x * x); }
constexpr double normal_inverse(double y) { return portable::table_sqrt(-2 * portable::log(y)); }

template <typename Density, typename Inverse>
constexpr Ziggurat build(double end, double tail_area, Density density, Inverse inverse) {
  Ziggurat table{};
  const double area = end * density(end) + tail_area;
  table.x[0] = area / density(end);
  table.x[1] = end;
  for (std::size_t i = 1; i < 255; ++i) table.x[i + 1] = inverse(density(table.x[i]) + area / table.x[i]);
  table.x[256] = 0;
  for (std::size_t i = 0; i < 257; ++i) table.f[i] = density(table.x[i]);
  return table;
}

constexpr double kSqrtTwoPi = 2.50662827463100050242;

/// True when the point drawn in layer `i` at `x` lies under the density.
bool under_curve(Random& random, const Ziggurat& table, std::size_t i, double density) {
  return table.f[i] + random.uniform() * (table.f[i + 1] - table.f[i]) < density;
}

double normal_tail_beyond_end(Random& random) {
  for (;;) {
    const double x = exponential(random) / kNormalEnd;
    if (2 * exponential(random) >= x * x) return kNormalEnd + x;
  }
}

}  // namespace

constinit const Ziggurat kExponentialZiggurat =
    build(kExponentialEnd, portable::exp(-kExponentialEnd), exponential_density, exponential_inverse);
constinit const Ziggurat kNormalZiggurat =
    build(kNormalEnd, kSqrtTwoPi * portable::normal_tail(kNormalEnd), normal_density, normal_inverse);

double exponential_at_edge(Random& random, std::uint64_t bits) {
  const std::size_t layer = bits & 255;
  // What lies beyond the end is the same distribution again, for it forgets.
  if (layer == 0) return kExponentialEnd + exponential(random);
  const double x = ziggurat_place(kExponentialZiggurat, bits);
  if (under_curve(random, kExponentialZiggurat, layer, exponential_density(x))) return x;
  return exponential(random);
}

double normal_at_edge(Random& random, std::uint64_t bits) {
  const std::size_t layer = bits & 255;
  double x = ziggurat_place(kNormalZiggurat, bits);
  if (layer == 0) {
    x = normal_tail_beyond_end(random);
  } else if (!under_curve(random, kNormalZiggurat, layer, normal_density(x))) {
    return normal(random);
  }
  return (bits & 256) != 0 ? -x : x;
}

}  // namespace midflight::draw
