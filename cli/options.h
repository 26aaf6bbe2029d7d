#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/io/fail_if.h"
#include "sim/model/scenario.h"
#include "sim/run/comparison.h"

namespace CLI {
class App;
}

namespace midflight::cli {

/// What every verb that predicts understands.
struct CommonOptions {
  std::string scenario;                  ///< path
  std::string profile;                   ///< path; else the scenario's
  int runs = 200;                        ///< unless another number is said
  std::optional<std::uint64_t> seed;     ///< else the scenario's
  int jobs = 0;
  bool exact = false;
  std::string format = "text";
  std::string output;                    ///< path; empty: stdout
  std::string trace;                     ///< path; empty: no trace
  std::vector<std::string> fail_if;
  bool quiet = false;
};

/// Adds SCENARIO and the common options to a verb.
void add_common(CLI::App& verb, CommonOptions& options);

/// What stands below the options of such a verb: an example, the words of
/// --fail-if, what counts as downtime.
std::string footer(const std::string& example);

/// Reads the scenario, with --profile in the place of its own; tells on stderr
/// when the profile is another machine's.  Errors: every problem of the file.
Scenario scenario_of(const CommonOptions& options);

/// Errors: Error(BadInput) with the problems of every condition.
std::vector<io::FailIf> conditions_of(const CommonOptions& options);

/// Options for the experiment: seed, profile, stop flag; progress is added by the verb.
RunOptions run_options(const CommonOptions& options, const Scenario& scenario);

/// Tells on stderr which conditions hold.
/// Returns: kConditionHolds if one does, else kDone.
int judge(const std::vector<io::FailIf>& conditions, const io::Result& result);

}  // namespace midflight::cli
