#include "cli/command.h"

#include <CLI/CLI.hpp>

#include <exception>
#include <new>

#include "cli/complaints.h"
#include "cli/stop.h"
#include "cli/verbs.h"
#include "midflight_version.h"
#include "sim/kernel/error.h"

namespace midflight::cli {

namespace {

constexpr const char* kAbout =
    "Predicts what a database schema change does to a running application, and proves it by a replay.";

constexpr const char* kExamples =
    "Examples:\n"
    "  midflight compare scenario.yaml\n"
    "  midflight simulate scenario.yaml --strategy naive --explain\n"
    "  midflight plan scenario.yaml --strategy expand_contract --output migration/\n"
    "  midflight replay scenario.yaml --strategy naive --on sqlite:\n"
    "  midflight check migrations/\n"
    "  midflight inspect postgresql://reader@db.example.org/shop --output scenario.yaml\n"
    "  midflight calibrate postgresql://me@staging.example.org/postgres --output profile.yaml\n"
    "\n"
    "Exit status: 0 done; 1 a --fail-if or a finding of --fail-on holds; 2 bad input; 3 the database, the\n"
    "replay (also one that was stopped) or the output failed; 130 stopped by Ctrl-C, 143 by SIGTERM.";

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::BadInput: case ErrorCode::NotSupported: return kBadInput;
    case ErrorCode::Database: case ErrorCode::Output: return kFailed;
    case ErrorCode::Interrupted: break;
  }
  return stop_status();
}

void describe(CLI::App& app) {
  app.name("midflight");
  app.footer(kExamples);
  app.set_version_flag("--version", "midflight " MIDFLIGHT_VERSION, "print the version");
  app.require_subcommand(1);
}

int parse(CLI::App& app, int argc, const char* const* argv) {
  try {
    app.parse(argc, argv);
    return kDone;
  } catch (const CLI::Success& asked) {  // --help, --version
    return app.exit(asked);
  } catch (const CLI::ParseError& wrong) {
    complain(wrong.what());
    complain_hint("midflight --help shows the verbs, midflight VERB --help their options");
    return kBadInput;
  }
}

}  // namespace

int run(int argc, const char* const* argv) {
  listen_for_stop();
  CLI::App app(kAbout);
  int status = kDone;
  try {
    describe(app);
    add_compare(app, status);
    add_simulate(app, status);
    add_plan(app, status);
    add_replay(app, status);
    add_check(app, status);
    add_inspect(app, status);
    add_calibrate(app, status);
    const int parsed = parse(app, argc, argv);
    return parsed == kDone ? status : parsed;
  } catch (const Error& error) {
    complain(error);
    return status_of(error.code());
  } catch (const std::bad_alloc&) {
    complain("out of memory; fewer --jobs or --runs need less");
    return kFailed;
  } catch (const std::exception& error) {
    complain(error.what());
    return kFailed;
  }
}

}  // namespace midflight::cli
