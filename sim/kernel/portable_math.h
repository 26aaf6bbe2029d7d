#pragma once

#include <bit>
#include <cstdint>
#include <limits>

/// Elementary functions from nothing but IEEE sums, products, quotients and
/// bit patterns: the same bits with every compiler, C library and processor.
///
/// All are constexpr, so that tables built from them need no start-up code.
/// Requires: no contraction of products and sums (-ffp-contract=off).
namespace midflight::portable {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kLn2High = 0x1.62e42feep-1;  ///< its last bits are 0: k * kLn2High is exact
inline constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
inline constexpr double kHalfLogOfTwoPi = 0.91893853320467274178;

/// 2^k for every k of a normal number.
constexpr double power_of_two(int k) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52);
}

/// exp on |r| <= 0.35, by its Taylor sum in pairs of terms, which lets the
/// processor work on several at once.
constexpr double exp_reduced(double r) {
  const double r2 = r * r, r4 = r2 * r2;
  const double low = (1.0 / 2 + r * (1.0 / 6)) + r2 * (1.0 / 24 + r * (1.0 / 120));
  const double middle = (1.0 / 720 + r * (1.0 / 5040)) + r2 * (1.0 / 40320 + r * (1.0 / 362880));
  const double high = (1.0 / 3628800 + r * (1.0 / 39916800)) + r2 * (1.0 / 479001600 + r * (1.0 / 6227020800.0));
  return 1 + (r + r2 * (low + r4 * (middle + r4 * high)));
}

constexpr double exp(double x) {
  if (x != x) return x;
  if (x > 709.782712893384) return kInfinity;
  if (x < -745.13321910194122) return 0;
  const int k = static_cast<int>(x * 1.4426950408889634 + (x < 0 ? -0.5 : 0.5));
  const double y = exp_reduced((x - k * kLn2High) - k * kLn2Low);
  const int half = k / 2;  // in two steps: 2^1024 and what lies below 2^-1022 have no power_of_two
  return y * power_of_two(half) * power_of_two(k - half);
}

/// (atanh(s) - s) * 2 / s on |s| <= 0.1716.
constexpr double log_series(double s) {
  const double z = s * s, z2 = z * z, z4 = z2 * z2;
  const double low = (2.0 / 3 + z * (2.0 / 5)) + z2 * (2.0 / 7 + z * (2.0 / 9));
  const double middle = (2.0 / 11 + z * (2.0 / 13)) + z2 * (2.0 / 15 + z * (2.0 / 17));
  const double high = (2.0 / 19 + z * (2.0 / 21)) + z2 * (2.0 / 23);
  return z * (low + z4 * (middle + z4 * high));
}

/// log of x > 0; log(0) is minus infinity, below that there is none (NaN).
constexpr double log(double x) {
  if (x != x || x == kInfinity) return x;
  if (x == 0) return -kInfinity;
  if (x < 0) return std::numeric_limits<double>::quiet_NaN();
  int e = 0;
  if (x < 0x1p-1022) {
    x *= 0x1p54;
    e = -54;
  }
  auto bits = std::bit_cast<std::uint64_t>(x);
  // The exponent is taken so that the rest lies in [sqrt(1/2), sqrt(2)).
  const std::uint64_t shifted = bits - 0x3fe6a09e667f3bcdULL;
  e += static_cast<int>(static_cast<std::int64_t>(shifted) >> 52);
  bits -= shifted & 0xfff0000000000000ULL;
  const double f = std::bit_cast<double>(bits) - 1;
  const double s = f / (2 + f), half_square = 0.5 * f * f;
  // log(1 + f) = f - f^2/2 + s (f^2/2 + series): the largest term, f, is exact.
  return e * kLn2High + (f - (half_square - (s * (half_square + log_series(s)) + e * kLn2Low)));
}

/// log(1 + x) without losing a small x.
constexpr double log1p(double x) {
  const double u = 1 + x;
  return u == 1 || u == kInfinity ? x : log(u) * (x / (u - 1));
}

/// sqrt for tables made by the compiler; elsewhere std::sqrt is exact and faster.
constexpr double table_sqrt(double x) {
  double y = x < 1 ? 1 : x;
  for (int i = 0; i < 64; ++i) y = 0.5 * (y + x / y);
  return y;
}

/// 1 - erf(x) for x >= 0: the all-positive series below 1.5, a continued
/// fraction above.  Relative error below 1e-13.
constexpr double erfc_positive(double x) {
  constexpr double kSqrtPi = 1.7724538509055160273;
  if (x > 27) return 0;
  if (x < 1.5) {
    double term = x, sum = x;
    for (int n = 1; n < 60; ++n) sum += term *= 2 * x * x / (2 * n + 1);
    return 1 - 2 / kSqrtPi * exp(-x * x) * sum;
  }
  double fraction = x;
  for (int n = 80; n >= 1; --n) fraction = x + 0.5 * n / fraction;
  return exp(-x * x) / (kSqrtPi * fraction);
}

constexpr double erfc(double x) { return x < 0 ? 2 - erfc_positive(-x) : erfc_positive(x); }

/// P(Z > z) of a standard normal Z.
constexpr double normal_tail(double z) { return 0.5 * erfc(z * 0.70710678118654752440); }

}  // namespace midflight::portable
