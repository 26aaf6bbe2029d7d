#include "backends/calibrate/least_squares.h"

#include <algorithm>
#include <cmath>

// Source: D. Marquardt, "An algorithm for least-squares estimation of nonlinear
//         parameters", 1963: the diagonal is raised until a step helps.

namespace midflight::backends {
namespace {

using Vector = std::vector<double>;
using Matrix = std::vector<Vector>;

constexpr int kStepsMost = 200;
constexpr double kStepMost = 1;  // slopes say little of places further away
constexpr double kDifference = 1e-5, kDampingFirst = 1e-2, kDampingMost = 1e8, kGainLeast = 1e-10;

double sum_of_squares(const Vector& values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return sum;
}

/// Gauss with pivots.  Requires: the diagonal is positive.
Vector solution(Matrix a, Vector b) {
  const std::size_t n = b.size();
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t best = k;
    for (std::size_t i = k + 1; i < n; ++i) {
      if (std::fabs(a[i][k]) > std::fabs(a[best][k])) best = i;
    }
    std::swap(a[k], a[best]);
    std::swap(b[k], b[best]);
    for (std::size_t i = k + 1; i < n; ++i) {
      const double factor = a[i][k] / a[k][k];
      for (std::size_t j = k; j < n; ++j) a[i][j] -= factor * a[k][j];
      b[i] -= factor * b[k];
    }
  }
  for (std::size_t k = n; k-- > 0;) {
    for (std::size_t j = k + 1; j < n; ++j) b[k] -= a[k][j] * b[j];
    b[k] /= a[k][k];
  }
  return b;
}

class Descent {
 public:
  Descent(const std::function<Vector(const Vector&)>& residuals, Vector start)
      : residuals_(residuals), at_(std::move(start)), values_(residuals_(at_)), sum_(sum_of_squares(values_)) {}

  Vector run() {
    for (int step = 0; step < kStepsMost && improve(); ++step) {
    }
    return at_;
  }

 private:
  /// One step downhill.  Returns: whether it was worth it.
  bool improve() {
    const Matrix slopes = all_slopes();
    for (; damping_ < kDampingMost; damping_ *= 4) {
      const Vector next = stepped(slopes);
      const Vector values = residuals_(next);
      const double sum = sum_of_squares(values);
      if (!(sum < sum_)) continue;
      const bool worth = sum_ - sum > kGainLeast * (1 + sum_);
      at_ = next;
      values_ = values;
      sum_ = sum;
      damping_ /= 8;
      return worth;
    }
    return false;
  }

  /// slopes[p][r]: how residual r changes with parameter p.
  Matrix all_slopes() const {
    Matrix slopes;
    for (std::size_t p = 0; p < at_.size(); ++p) {
      Vector moved = at_;
      moved[p] += kDifference;
      Vector column = residuals_(moved);
      for (std::size_t r = 0; r < column.size(); ++r) column[r] = (column[r] - values_[r]) / kDifference;
      slopes.push_back(std::move(column));
    }
    return slopes;
  }

  Vector stepped(const Matrix& slopes) const {
    const std::size_t n = at_.size();
    Matrix normal(n, Vector(n, 0));
    Vector down(n, 0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        for (std::size_t r = 0; r < values_.size(); ++r) normal[i][j] += slopes[i][r] * slopes[j][r];
      }
      for (std::size_t r = 0; r < values_.size(); ++r) down[i] -= slopes[i][r] * values_[r];
      normal[i][i] += damping_ * (normal[i][i] + 1e-6);
    }
    Vector next = solution(normal, down);
    for (std::size_t i = 0; i < n; ++i) next[i] = at_[i] + std::clamp(next[i], -kStepMost, kStepMost);
    return next;
  }

  const std::function<Vector(const Vector&)>& residuals_;
  Vector at_, values_;
  double sum_;
  double damping_ = kDampingFirst;
};

}  // namespace

Vector least_squares(const std::function<Vector(const Vector&)>& residuals, Vector start) {
  return Descent(residuals, std::move(start)).run();
}

}  // namespace midflight::backends
