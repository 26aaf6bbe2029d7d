#pragma once

#include <string>
#include <vector>

#include "sim/check/breakage.h"
#include "sim/check/finding.h"
#include "sim/check/predict.h"

namespace midflight::check {

// With a scenario: what findings say of its versions and its traffic, and how bad they are then.

/// What the statement at a place does to the versions.
struct ChangeAt {
  Span where;
  VersionChange change;
};

/// Puts before findings about compatibility what is known of the scenario's
/// versions: who fails from here on, who failed until here, or that nobody
/// does.  Then there is nothing to do instead, and it is good to know and no more.
/// Without a scenario (null), or of a statement that is not followed, stands what
/// becomes of versions in general.
void judge_by_versions(const std::vector<ChangeAt>& changes, const Scenario* scenario, std::vector<Finding>& findings);

/// Gives what was found about the time of a transaction its severity and its
/// numbers, once: to the statement that is all of it, or to the transaction.
/// `first` is the place of its first statement among those of the report.
/// `inputs` is what the numbers are for.
void attach(const Predicted& predicted, const TransactionToPredict& transaction, const std::string& inputs, std::size_t first,
            ScriptReport& report);

}  // namespace midflight::check
