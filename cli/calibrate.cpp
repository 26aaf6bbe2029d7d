#include <CLI/CLI.hpp>

#include <memory>

#include "backends/calibrate/server_calibration.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/stop.h"
#include "cli/verbs.h"
#include "verbs/calibration_report.h"

namespace midflight::cli {

namespace {

struct CalibrateVerbOptions {
  std::string uri, output;
  double size = 1;
  bool thorough = false, quiet = false;
};

int calibrate_server(const CalibrateVerbOptions& options) {
  backends::ServerCalibration calibration;
  {
    Progress progress(options.quiet);
    backends::CalibrateOptions how;
    how.size = options.size;
    how.thorough = options.thorough;
    how.stop = &stop_asked();
    how.progress = [&](const std::string& what, double share) { progress.show(what, share); };
    how.note = [&](const std::string& text) { progress.note(text); };
    calibration = backends::calibrate_server(options.uri, how);
  }
  write_output(options.output, verbs::profile_file(calibration));
  if (!options.output.empty()) write_output("", verbs::calibration_text(calibration));
  return kDone;
}

}  // namespace

void add_calibrate(CLI::App& app, int& status) {
  auto options = std::make_shared<CalibrateVerbOptions>();
  CLI::App* verb = app.add_subcommand("calibrate", "measures a server on scratch tables and fits the cost model to it");
  verb->add_option("URI", options->uri, "postgresql://user@host:port/database, of a role that may create databases")->required()->option_text(" ");
  verb->add_option("--output", options->output, "write the profile to this file, and what was measured to stdout")->option_text("FILE");
  verb->add_flag("--thorough", options->thorough, "larger tables and more tries; several minutes, where three at most are usual");
  verb->add_option("--size", options->size, "scratch tables of this share of the usual rows")->check(CLI::Range(0.001, 100.0))->option_text("FACTOR");
  verb->add_flag("--quiet", options->quiet, "no progress on stderr");
  verb->footer("Example:\n  midflight calibrate postgresql://me@staging.example.org/postgres --output profile.yaml");
  verb->callback([options, &status] { status = calibrate_server(*options); });
}

}  // namespace midflight::cli
