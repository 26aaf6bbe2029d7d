#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "backends/load/records.h"
#include "backends/prediction_error.h"
#include "sim/run/comparison.h"

namespace midflight::backends {

struct ReplayOptions {
  double scale = 1;                                ///< divides every `wait` and soak
  std::uint64_t seed = 1;
  int runs = 50;                                   ///< of the prediction
  int jobs = 0;                                    ///< threads of the prediction; 0: one per processor
  bool in_place = false, keep = false;             ///< see BackendOptions
  Duration lead_in = Duration::seconds(2);         ///< traffic before the plan begins
  Duration lead_out = Duration::seconds(2);        ///< and after it ended
  bool calibrate = true;                           ///< measure service times and costs first
  std::optional<cost::Profile> profile;            ///< of the server, where it was calibrated before: then costs are not measured again
  std::uint64_t run = 0;                           ///< whose draws the replay shares: repetition 0, 1, ...
  std::function<void(const std::string&)> note, left_behind;  ///< see BackendOptions
  /// Called once, before the plan begins: how long it is predicted to take in
  /// real time, and how much of that its waits are.
  std::function<void(Duration total, Duration waits)> foresee;
  const std::atomic<bool>* stop = nullptr;         ///< set: clean up and throw Error(Interrupted)
  /// Called now and then from the calling thread: what is being done and how
  /// much of the replay's time has passed (0 to 1, or less than 0 where nobody knows).
  std::function<void(const std::string& what, double share)> progress;
};

/// A plan carried out on a database under load, beside its prediction.
struct ReplayResult {
  std::string backend, server_version, strategy;
  double scale = 1;
  bool valid = true;
  std::string invalid_reason;
  Scenario scenario;                 ///< as replayed: the engine's dialect, measured service times
  cost::Profile profile;             ///< as predicted with
  Prediction prediction;             ///< unpaired: all its runs
  Measurement paired;                ///< the run with the replay's own draws
  Measurement measured;
  PredictionError error;
  std::vector<std::string> unmeasured;  ///< quantities the backend cannot measure, those of steps too
  std::string why_blind;             ///< why waits for locks were not seen; empty: they were
  bool data_ok = true;
  std::string data_check;            ///< what the rows looked like afterwards
  Lateness lateness;                 ///< of the load generator
};

/// True where the measured plan was not carried out, for a statement failed
/// for example, and every run of the prediction carries it out.
bool ended_unforeseen(const ReplayResult& replay);

/// Why the measurement cannot be trusted, where the load generator fell behind;
/// else empty.
std::string invalid_because_of(const Lateness& lateness);

/// Plans the change for the engine behind the URI, predicts it, carries the
/// plan out on a scratch database under the scenario's load, and compares.
///
/// `strategy` is ignored for an explicit plan.
/// Errors: Error(BadInput) for an unknown strategy or URI; Error(NotSupported)
///         when the strategy refuses the engine; Error(Database); Error(Interrupted).
/// Cost:   the plan's own length, in real time.
ReplayResult replay(const Scenario& scenario, const std::string& strategy, const std::string& uri,
                    const ReplayOptions& options);

}  // namespace midflight::backends
