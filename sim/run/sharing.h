#pragma once

namespace midflight {

/// What traffic leaves to long work on shared processors.
///
/// Work of demand x takes `slowdown * x` on average, with a variance of
/// `variance_s * x`.
struct Sharing {
  double slowdown = 1;
  double variance_s = 0;
};

/// Traffic of Poisson requests: `per_second` pieces of work, which keep `busy`
/// processors busy on average; `squares` is the rate times the mean square of
/// a piece.  All share `cores` evenly, with the long work among them.
///
/// Requires: busy < cores.
/// Units:    squares in seconds.
/// Source:   the number of requests beside one permanent job is a birth-death
///           chain; its mean does not depend on how long requests are (processor
///           sharing is symmetric: Kelly, "Reversibility and stochastic
///           networks", 1979, ch. 3).  The variance of a time average over such a chain: Whitt,
///           "Asymptotic formulas for Markov processes", 1992.
/// Scope:    the variance is that of exponential requests, corrected by their mean
///           square; work much shorter than a request varies less; the
///           longest of many such times comes out up to 2% short on half-busy processors.
Sharing beside_traffic(double cores, double per_second, double busy, double squares);

/// An upper bound of the chance that more than `most` of Poisson(mean) come (Chernoff).
double more_than(double most, double mean);

}  // namespace midflight
