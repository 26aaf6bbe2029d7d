#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <vector>

#include "sim/kernel/random.h"
#include "tests/unit/kernel/statistics.h"

namespace midflight {
namespace {

constexpr int kDraws = 200'000;
constexpr double kKolmogorovLimit = 1.95;
constexpr double kChiSquareLimit = 4;

template <typename Draw>
std::vector<double> sample(std::string_view stream, Draw draw_one) {
  Random random(StreamKey{20, 1, stream_id(stream)});
  std::vector<double> values;
  for (int i = 0; i < kDraws; ++i) values.push_back(static_cast<double>(draw_one(random)));
  return values;
}

std::map<std::int64_t, int> counted(const std::vector<double>& values) {
  std::map<std::int64_t, int> counts;
  for (const double v : values) ++counts[static_cast<std::int64_t>(v)];
  return counts;
}

TEST(Exponential, HasItsDistributionIncludingTheTail) {
  const auto values = sample("exponential", draw::exponential);
  EXPECT_LT(kolmogorov(values, [](double x) { return 1 - std::exp(-x); }), kKolmogorovLimit);
  const Moments moments(values);
  EXPECT_NEAR(moments.mean, 1, 4 * moments.error);
  EXPECT_NEAR(moments.variance, 1, 4 * std::sqrt(8.0 / kDraws));  // fourth central moment 9
  // Beyond the last layer, 7.697: 200,000 e^-7.697 = 90.8, deviation 9.5.
  const auto far = std::count_if(values.begin(), values.end(), [](double x) { return x > 7.69711747013104972; });
  EXPECT_NEAR(static_cast<double>(far), 90.8, 4 * 9.5);
}

TEST(Normal, HasItsDistributionIncludingTheTails) {
  const auto values = sample("normal", draw::normal);
  EXPECT_LT(kolmogorov(values, normal_distribution), kKolmogorovLimit);
  const Moments moments(values);
  EXPECT_NEAR(moments.mean, 0, 4 * moments.error);
  EXPECT_NEAR(moments.variance, 1, 4 * std::sqrt(2.0 / kDraws));
  // Beyond 3 on either side: 200,000 * 0.0013499 = 270, deviation 16.4.
  for (const double sign : {-1.0, 1.0}) {
    const auto far = std::count_if(values.begin(), values.end(), [sign](double x) { return sign * x > 3; });
    EXPECT_NEAR(static_cast<double>(far), 270, 4 * 16.4);
  }
}

// Beyond 3.654, where the last layer ends, P = 0.00012903 on each side: 1290 of ten million, deviation 36.
TEST(Normal, TailBeyondTheLayersHasItsWeightAndShape) {
  Random random(StreamKey{20, 2, 1});
  int beyond = 0, beyond_four = 0;
  for (int i = 0; i < 10'000'000; ++i) {
    const double x = draw::normal(random);
    beyond += x > 3.6541528853610088;
    beyond_four += x > 4;
  }
  EXPECT_NEAR(beyond, 1290, 4 * 36);
  EXPECT_NEAR(beyond_four, 316.7, 4 * 17.8);
}

TEST(Poisson, HasItsDistribution) {
  for (const double mean : {0.01, 0.7, 3.0, 9.99, 10.0, 12.5, 40.0, 1000.0}) {
    const auto values = sample("poisson", [mean](Random& random) { return draw::poisson(random, mean); });
    const auto probability = [mean](double k) { return std::exp(k * std::log(mean) - mean - std::lgamma(k + 1)); };
    const auto first = static_cast<std::int64_t>(std::max(0.0, mean - 6 * std::sqrt(mean)));
    const auto last = static_cast<std::int64_t>(mean + 6 * std::sqrt(mean) + 5);
    EXPECT_LT(chi_square_deviations(counted(values), kDraws, first, last, probability), kChiSquareLimit) << mean;
    const Moments moments(values);
    EXPECT_NEAR(moments.mean, mean, 4 * moments.error);
    EXPECT_NEAR(moments.variance / mean, 1, 4 * std::sqrt((2 + 1 / mean) / kDraws)) << mean;
  }
}

TEST(Poisson, OfAHugeMeanIsNormalToTheLastDigit) {
  for (const double mean : {1e9, 1e15, 4e18}) {
    Random random(StreamKey{20, 3, 1});
    std::vector<double> values;
    for (int i = 0; i < kDraws; ++i) {
      const std::int64_t offset = draw::poisson(random, mean) - static_cast<std::int64_t>(mean);
      values.push_back(static_cast<double>(offset) / std::sqrt(mean));
    }
    EXPECT_LT(kolmogorov(values, normal_distribution), kKolmogorovLimit) << mean;
  }
}

TEST(Poisson, OfNothingIsNothing) {
  Random random(StreamKey{1, 1, 1});
  EXPECT_EQ(draw::poisson(random, 0), 0);
}

struct Trials {
  std::int64_t n;
  double p;
};

TEST(Binomial, HasItsDistribution) {
  const std::vector<Trials> cases = {{1, 0.3},     {10, 0.3},      {30, 0.5},        {21, 0.5},      {1000, 0.005},
                                     {1000, 0.9},  {100, 0.97},    {100'000, 0.001}, {500, 0.25},    {2000, 0.5},
                                     {1'000'000, 2e-5}};
  for (const Trials& t : cases) {
    const auto values = sample("binomial", [&](Random& random) { return draw::binomial(random, t.n, t.p); });
    const auto n = static_cast<double>(t.n);
    const auto probability = [&](double k) {
      return std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) + k * std::log(t.p) +
                      (n - k) * std::log1p(-t.p));
    };
    const double mean = n * t.p, deviation = std::sqrt(mean * (1 - t.p));
    const auto first = static_cast<std::int64_t>(std::max(0.0, mean - 7 * deviation));
    const auto last = std::min(t.n, static_cast<std::int64_t>(mean + 7 * deviation + 5));
    EXPECT_LT(chi_square_deviations(counted(values), kDraws, first, last, probability), kChiSquareLimit)
        << t.n << " " << t.p;
    const Moments moments(values);
    EXPECT_NEAR(moments.mean, mean, 4 * moments.error) << t.n << " " << t.p;
  }
}

TEST(Binomial, OfHugeCountsIsNormalToTheLastDigit) {
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  // p in binary, so that n p is whole and can be subtracted exactly.
  for (const double p : {0.5, 0.3125, 0.75, 0x1p-20}) {
    const auto mean = static_cast<std::int64_t>(std::ldexp(p, 62));
    Random random(StreamKey{20, 4, 1});
    std::vector<double> values;
    for (int i = 0; i < kDraws; ++i) {
      const std::int64_t offset = draw::binomial(random, kHuge, p) - mean;
      values.push_back(static_cast<double>(offset) / std::sqrt(std::ldexp(p * (1 - p), 62)));
    }
    EXPECT_LT(kolmogorov(values, normal_distribution), kKolmogorovLimit) << p;
  }
}

// Rare among very many: n p = 4.6, indistinguishable from Poisson.
TEST(Binomial, OfRareEventsIsPoisson) {
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  const double p = std::ldexp(4.6, -62);
  const auto values = sample("rare", [&](Random& random) { return draw::binomial(random, kHuge, p); });
  const auto probability = [](double k) { return std::exp(k * std::log(4.6) - 4.6 - std::lgamma(k + 1)); };
  EXPECT_LT(chi_square_deviations(counted(values), kDraws, 0, 30, probability), kChiSquareLimit);
}

TEST(Binomial, CertaintyNeedsNoDice) {
  Random random(StreamKey{1, 1, 1});
  EXPECT_EQ(draw::binomial(random, 0, 0.5), 0);
  EXPECT_EQ(draw::binomial(random, 7, 0), 0);
  EXPECT_EQ(draw::binomial(random, 7, -1), 0);
  EXPECT_EQ(draw::binomial(random, 7, 1), 7);
  EXPECT_EQ(draw::binomial(random, 7, 2), 7);
}

}  // namespace
}  // namespace midflight
