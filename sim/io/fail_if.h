#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/io/result.h"

namespace midflight::io {

/// A condition under which a command ends with status 1:
/// `[strategy.]quantity[.stat] op value`, any strategy and p95 unless said.
///
///     downtime_s > 0
///     expand_contract.failed_requests.mean >= 10
///
/// Quantities are those of the JSON and `deployments`; stats are mean, p5, p50,
/// p95; operators are > >= < <= == !=.  A downtime that does not end by itself
/// is longer than every value.
struct FailIf {
  enum class Stat : std::uint8_t { Mean, P5, P50, P95 };
  enum class Comparison : std::uint8_t { Greater, GreaterEqual, Less, LessEqual, Equal, NotEqual };
  std::string text;        ///< as given
  std::string strategy;    ///< empty: any
  std::string quantity;
  Stat stat = Stat::P95;
  Comparison comparison = Comparison::Greater;
  double value = 0;
};

/// Errors: Error(BadInput) with the column of what is wrong and the nearest name.
FailIf parse_fail_if(const std::string& text);

/// What may stand in a condition: "Quantities of --fail-if: downtime_s, ...".
std::string fail_if_words();

/// Returns: a sentence naming the first strategy for which the condition holds
///          ("naive.downtime_s.p95 is 49.1, which is > 0"), or nothing.
/// Errors:  Error(BadInput) when the condition can say nothing: its strategy is
///          not among the results or was refused, or every strategy was refused.
std::optional<std::string> holds(const FailIf& condition, const Result& result);

}  // namespace midflight::io
