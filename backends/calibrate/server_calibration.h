#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "backends/calibrate/fit.h"
#include "backends/calibrate/load_bench.h"

namespace midflight::backends {

/// A pass over a table beside traffic.
struct PassUnderLoad {
  std::string family;
  double alone_s = 0, loaded_s = 0;
};

/// What a server was measured to do, and the cost model fitted to it.
struct ServerCalibration {
  cost::Profile profile;
  std::vector<Observation> observations;
  std::vector<FamilyResidual> residuals;
  std::vector<ServiceTime> services;
  Capacity capacity;
  std::vector<PassUnderLoad> under_load;   ///< beside `readers` sessions that read all the time
  int readers = 0;
  std::vector<std::string> settings;       ///< "shared_buffers = 128MB"
  std::vector<std::string> remarks;        ///< why the numbers are less good than usual
};

struct CalibrateOptions {
  double size = 1;                         ///< rows of the scratch tables, as a share of the usual
  bool thorough = false;                   ///< larger tables, more tries
  double seconds_most = 180;               ///< of all; thorough takes what it takes
  const std::atomic<bool>* stop = nullptr;
  std::function<void(const std::string& what, double share)> progress;
  std::function<void(const std::string&)> note;
};

/// Measures a PostgreSQL server on scratch tables in a database of its own,
/// which is removed again, and fits the cost model to it.
///
/// A slow server gets fewer tries and smaller tables, so that it is done in time;
/// no statement that runs is ended for it.  Remarks say what was left out.
/// Errors: Error(Database) without connection or the right to create databases,
///         when a replay or another calibration runs on the server, or when it
///         fails; Error(Interrupted) when stopped.
/// Cost:   about two minutes on an idle machine, three at most; several with `thorough`.
ServerCalibration calibrate_server(const std::string& uri, const CalibrateOptions& options);

}  // namespace midflight::backends
