#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/model/scenario.h"

namespace midflight::strategy {

/// A strategy's answer to a change: a plan with the versions it deploys, or why not.
struct Proposal {
  std::string name;
  bool refused = false;
  std::string why;                   ///< of a refusal
  Plan plan;
  std::vector<Version> versions;     ///< every version of the run; the first one serves at the start
  std::vector<std::string> assumptions;
};

enum class ChangeKind : unsigned char;  ///< change.h

/// One way to carry out a change.  Adding one is a file and a line in the list.
struct Strategy {
  std::string_view name;
  std::string_view summary;          ///< one sentence for help and reports
  /// Throws a refusal as Error(NotSupported); call the free `propose`, which catches it.
  Proposal (*propose)(const Scenario& scenario);
  bool (*knows)(ChangeKind kind);    ///< what to do with such a change
};

/// All strategies, in the order reports list them when all else is equal.
const std::vector<Strategy>& strategies();

/// The explicit plan of a scenario as a proposal named "plan".
/// Versions v1.1, v1.2 and v2 are derived where the plan deploys them and the
/// scenario does not list them.
Proposal explicit_plan(const Scenario& scenario);

/// Errors: Error(BadInput) with the nearest name for an unknown strategy.
Proposal propose(const Scenario& scenario, std::string_view strategy);

/// Every strategy that knows what to do with the change, refusals included
/// (a strategy that is about other changes is left out); of an explicit plan,
/// just that one.
std::vector<Proposal> propose_all(const Scenario& scenario);

}  // namespace midflight::strategy
