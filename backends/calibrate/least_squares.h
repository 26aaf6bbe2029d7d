#pragma once

#include <functional>
#include <vector>

namespace midflight::backends {

/// Finds the parameters that make the sum of squared residuals least, from a
/// first guess (Levenberg and Marquardt, derivatives by differences).
///
/// A parameter that no residual depends on keeps its first value.
/// Scope: some tens of parameters; residuals of order 1, as logarithms of
///        ratios are, and parameters that are logarithms themselves.
std::vector<double> least_squares(const std::function<std::vector<double>(const std::vector<double>&)>& residuals,
                                  std::vector<double> start);

}  // namespace midflight::backends
