#pragma once

/// Probabilities of counts without the cancellation of their textbook
/// formulas, which lose every digit from a mean of about 10^12 on.
///
/// Source: Loader, "Fast and accurate computation of binomial probabilities", 2000.
namespace midflight::counts {

/// log(n!) minus Stirling's n log n - n + log(2 pi n) / 2.  Requires: n >= 1, whole.
double stirling_error(double n);

/// The deviance mean * h((mean + d) / mean), h(t) = t log t + 1 - t.
/// Requires: mean > 0, mean + d > 0.
double deviance(double mean, double d);

/// log P(X = k), X Poisson; `d` is k - mean, given apart because it is small.
double poisson_log_probability(double k, double mean, double d);

/// log P(X = k), X binomial; `d` is k - n p.
double binomial_log_probability(double k, double n, double p, double d);

}  // namespace midflight::counts
