#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/io/result.h"

namespace midflight::io {

/// Predicted against measured for one quantity.
struct QuantityError {
  std::string name;
  double predicted = 0;              ///< of the paired run
  std::optional<double> measured;    ///< nothing: the backend cannot tell
  std::optional<double> error;       ///< nothing when not measured or when they agree
  bool agree = false;                ///< both below the floor: no percentage
  std::optional<bool> inside;        ///< measured lies in [p5, p95] of the unpaired prediction
};

/// The same for one step.
struct StepError {
  std::string id;
  std::vector<QuantityError> quantities;  ///< lock_wait_s, held_s, blocked_requests
};

/// One of several replays of the same plan, each with draws of its own.
struct Repetition {
  std::uint64_t run = 0;                  ///< whose draws it shares with its prediction
  bool valid = true, data_ok = true, completed = true;
  std::vector<QuantityError> errors;
};

/// A replay beside its prediction, ready for reports.
struct ReplayResult {
  std::string backend, server_version;
  double scale = 1;                       ///< waits and soaks were divided by this
  bool valid = true;
  std::string invalid_reason;             ///< empty when valid
  bool unforeseen_end = false;            ///< the plan was not carried out, where every run of the prediction does it
  Result predicted;                       ///< exactly one strategy
  Measurement paired;                     ///< the simulated run with the replay's own draws
  Measurement measured;
  std::vector<QuantityError> errors;      ///< one per quantity, in report order
  std::vector<StepError> step_errors;     ///< of the steps that both reached
  std::vector<std::string> unmeasured;    ///< quantities the backend cannot measure, those of steps too
  std::string why_blind;                  ///< why waits for locks were not seen; empty: they were
  bool data_ok = true;
  std::vector<Repetition> repetitions;    ///< all of them, this one first; empty where there was one
  std::string data_check;                 ///< what the rows looked like afterwards, in words
};

}  // namespace midflight::io
