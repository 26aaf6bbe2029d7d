#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/check/finding.h"
#include "sim/io/histories/history.h"
#include "sim/kernel/error.h"
#include "sim/model/scenario.h"

namespace midflight::verbs {

/// What to check against what, as it is asked for.
struct CheckRequest {
  std::vector<std::string> paths;             ///< files, folders, patterns; - is standard input
  std::string schema;                         ///< a file with what exists before; or ...
  std::optional<Scenario> scenario;           ///< ... an application, which brings its own
  std::string database = "postgresql:15";
  std::string framework, transaction;         ///< empty: as recognised
  std::string lock_timeout, statement_timeout;
  bool list_all = true;                       ///< off: see check::Options
  int runs = 100, jobs = 0;                   ///< of the scenario, per transaction
  std::optional<std::uint64_t> seed;
  const std::atomic<bool>* stop = nullptr;
};

/// Who hears of it, in this order: the history once, then every script that can
/// be read or why it cannot.
struct CheckListener {
  std::function<void(const io::History&)> history;
  std::function<void(const check::ScriptReport&)> script;
  std::function<void(const Error&)> unreadable;
};

/// Finds the migrations, walks them in order and reports one by one.
///
/// Errors: Error(BadInput) for a wrong request before anything is reported;
///         Error(NotSupported) for a scenario of another engine than PostgreSQL.
void check_files(const CheckRequest& request, const CheckListener& listener);

}  // namespace midflight::verbs
