#pragma once

namespace CLI {
class App;
}

namespace midflight::cli {

/// Exit statuses of the command.
enum Exit : int { kDone = 0, kConditionHolds = 1, kBadInput = 2, kFailed = 3, kInterrupted = 130 };

/// Each verb adds its subcommand; chosen, it runs and leaves its status in `status`.
void add_compare(CLI::App& app, int& status);
void add_simulate(CLI::App& app, int& status);
void add_plan(CLI::App& app, int& status);
void add_replay(CLI::App& app, int& status);
void add_check(CLI::App& app, int& status);
void add_inspect(CLI::App& app, int& status);
void add_calibrate(CLI::App& app, int& status);

}  // namespace midflight::cli
