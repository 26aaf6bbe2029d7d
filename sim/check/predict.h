#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/check/finding.h"
#include "sim/check/session.h"
#include "sim/model/scenario.h"
#include "sim/run/comparison.h"

namespace midflight::check {

/// The statements of one transaction of a script, and what was there before.
struct TransactionToPredict {
  const Schema& before;                   ///< with the scenario's rows
  std::vector<const Seen*> statements;
};

/// It does something: BEGIN, SET and what nobody understands do not.
bool is_work(const Seen& seen);

/// Runs the scenario's traffic against the transaction alone, as a plan of one
/// step, and takes from it what the findings show.
///
/// Endpoints that the schema before it breaks already are left out, so that
/// only what this transaction causes is counted.
/// Returns: nothing where no lock of the transaction keeps anybody waiting and
///          no version breaks, or where it would fail.
/// Scope:   `lock_timeout` and `statement_timeout` are those of its first
///          statement; tries and pauses are the scenario's (`migration.retry`).
std::optional<Predicted> predict_transaction(const TransactionToPredict& transaction, const Scenario& scenario,
                                             const RunOptions& options);

/// What the numbers come from: "3,000,000 rows of users, 450 requests/s that use
/// it, nightly report on it".
std::string inputs_of(const TransactionToPredict& transaction, const Scenario& scenario);

/// The severity that the numbers give a finding about time.
Severity severity_of(const Predicted& predicted);

}  // namespace midflight::check
