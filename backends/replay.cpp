#include "backends/replay.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include "backends/calibration.h"
#include "backends/data/batches.h"
#include "backends/data/keys_to_come.h"
#include "backends/data_check.h"
#include "backends/known_keys.h"
#include "backends/measure.h"
#include "backends/open.h"
#include "backends/other_server.h"
#include "backends/plan_run.h"
#include "backends/stale_reads.h"
#include "sim/kernel/error.h"
#include "sim/sql/render.h"

namespace midflight::backends {
namespace {

// One request in a hundred later than this, and latencies would tell of the generator, not of the database.
constexpr Duration kLatenessMax = Duration::milliseconds(50);
// A stall of the generator as long as this would be measured as the database's.  Half of what counts as a
// difference of two times; machines that are merely busy stop a process for some 100 ms.
constexpr Duration kFreezeMax = Duration::milliseconds(250);
constexpr int kOwnConnections = 4;  // maintenance, samples, steps

Scenario for_backend(const Scenario& scenario, const Backend& backend) {
  Scenario adapted = scenario;
  adapted.database.dialect = backend.dialect();
  const auto settings = backend.settings();
  if (!settings || settings->same_machine) {
    adapted.database.cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    adapted.database.cores_unlimited = false;
  }
  if (!settings) return adapted;
  // Of the server's connections those count that are left to the application; the model keeps three for superusers.
  adapted.database.connections = settings->connections - settings->reserved - settings->in_use - kOwnConnections + 3;
  adapted.database.deadlock_timeout = settings->deadlock_timeout;
  return adapted;
}

/// Errors: Error(Database) when the pools of one fleet do not fit into the server.
void check_connections(const Scenario& scenario, const Backend& backend) {
  const auto settings = backend.settings();
  if (!settings) return;
  const int needed = scenario.app.instances * scenario.app.pool;
  const int left = settings->connections - settings->reserved - settings->in_use - kOwnConnections;
  if (needed <= left) return;
  throw Error(ErrorCode::Database, "the pools may open " + std::to_string(needed) + " connections (" + std::to_string(scenario.app.instances) +
                                       " instances, " + std::to_string(scenario.app.pool) + " each), and the server has " +
                                       std::to_string(std::max(0, left)) + " left of max_connections = " + std::to_string(settings->connections) +
                                       "; raise max_connections or make the pools smaller");
}

strategy::Proposal propose_for(const Scenario& scenario, const std::string& strategy) {
  strategy::Proposal proposal = scenario.plan ? strategy::explicit_plan(scenario) : strategy::propose(scenario, strategy);
  if (proposal.refused) throw Error(ErrorCode::NotSupported, proposal.name + " is refused: " + proposal.why);
  return proposal;
}

void scale_waits(Plan& plan, double scale) {
  for (Step& step : plan.steps) {
    if (auto* wait = std::get_if<WaitStep>(&step.action)) wait->length = Duration::from_seconds(wait->length.seconds() / scale);
  }
}

Duration waits_of(const Plan& plan) {
  Duration all{};
  for (const Step& step : plan.steps) {
    if (const auto* wait = std::get_if<WaitStep>(&step.action)) all += wait->length;
  }
  return all;
}

/// Errors: Error(NotSupported) when the engine has no words for a statement.
void check_renderable(const Scenario& scenario, const strategy::Proposal& proposal) {
  Schema schema = scenario.schema;
  for (const Step& step : proposal.plan.steps) {
    if (const auto* backfill = std::get_if<BackfillStep>(&step.action)) {
      sql::render(backfill->update, schema, scenario.database.dialect);
    }
    const auto* sql_step = std::get_if<SqlStep>(&step.action);
    if (sql_step == nullptr) continue;
    for (const Statement& statement : sql_step->statements) {
      sql::render(statement, schema, scenario.database.dialect);
      for (const Operation& operation : statement.operations) apply(operation, schema);
    }
  }
}

/// Errors: Error(NotSupported) when a table cannot be divided among the batches of a backfill.
void check_batches(const Scenario& scenario, const strategy::Proposal& proposal, const Catalogue& catalogue) {
  for (const Step& step : proposal.plan.steps) {
    const auto* backfill = std::get_if<BackfillStep>(&step.action);
    if (backfill == nullptr || backfill->update.accesses.empty()) continue;
    const Table* table = scenario.schema.base_table(backfill->update.accesses.front().relation);
    if (table != nullptr) Batches(table->name, catalogue, scenario.database.dialect);
  }
}

void use_service_times(Scenario& scenario, strategy::Proposal& proposal, const Calibration& calibration) {
  const auto put = [&](Version& version) {
    for (Endpoint& endpoint : version.endpoints) {
      const auto measured = calibration.service.find(endpoint.name);
      if (measured != calibration.service.end()) endpoint.time = measured->second;
    }
  };
  for (Version& version : scenario.app.versions) put(version);
  for (Version& version : proposal.versions) put(version);
}

/// What was measured is no longer assumed.
void assume_measured(Scenario& scenario, const Calibration& calibration, bool default_profile) {
  std::erase_if(scenario.assumptions, [&](const std::string& sentence) {
    return (!default_profile && sentence.find("database.profile") != std::string::npos) || sentence.find("`time`") != std::string::npos;
  });
  scenario.assumptions.push_back(measured_sentence(calibration));
}

void check_options(const ReplayOptions& options) {
  if (!(options.scale > 0) || !std::isfinite(options.scale)) throw Error(ErrorCode::BadInput, "the scale must be above 0");
  if (options.runs < 1) throw Error(ErrorCode::BadInput, "a replay needs at least one run of the prediction");
}

/// One replay from opening the database to its removal.
class Replay {
 public:
  Replay(const Scenario& scenario, const std::string& strategy, const std::string& uri, const ReplayOptions& options)
      : options_(options) {
    BackendOptions backend_options;
    backend_options.journal = scenario.database.journal;
    backend_options.busy_timeout = scenario.database.busy_timeout;
    backend_options.in_place = options.in_place;
    backend_options.keep = options.keep;
    backend_options.stop = options.stop;
    backend_options.note = options.note;
    backend_options.left_behind = options.left_behind;
    backend_options.prepared = scenario.app.prepared;
    backend_options.prepare_again = scenario.app.on_stale_plan == Application::OnStalePlan::Reprepare;
    backend_ = open(uri, backend_options);
    result_.scenario = for_backend(scenario, *backend_);
    check_connections(result_.scenario, *backend_);
    note_other_server(scenario.database.dialect);
    proposal_ = propose_for(result_.scenario, strategy);
    scale_waits(proposal_.plan, options.scale);
    check_renderable(result_.scenario, proposal_);
  }

  ReplayResult run() {
    describe();
    Catalogue catalogue(values(), proposal_.plan, result_.scenario.change);
    check_batches(result_.scenario, proposal_, catalogue);
    if (options_.in_place) look_at_rows(catalogue);
    const ClientApplication application(proposal_.versions, catalogue, backend_->dialect());
    if (!options_.in_place) fill_tables();
    calibrate_costs(application, catalogue);
    predict_runs();
    if (options_.foresee) options_.foresee(result_.paired.total_time, waits_of(proposal_.plan));
    const PlanRunResult run = run_plan(*backend_, result_.scenario, proposal_, catalogue, application, options_,
                                       TimeLeft(result_.paired, begun_, options_.lead_out));
    if (run.overloaded) throw Error(ErrorCode::Database, "the application was overloaded: requests were unanswered long after the last one arrived, so nothing was measured");
    report("checking the data");
    const DataCheck data = check_data(*backend_, catalogue, application, run, !options_.in_place);
    result_.data_ok = data.ok();
    result_.data_check = data.text();
    const auto stale_reads = count_stale_reads(catalogue, application, run);
    result_.measured = measure(result_.scenario, application, run, data, stale_reads);
    judge_validity(run);
    result_.unmeasured = unmeasured_quantities(run, stale_reads);
    result_.why_blind = run.why_blind;
    result_.error = prediction_error(result_.paired, result_.prediction, result_.measured, result_.unmeasured);
    return std::move(result_);
  }

 private:
  /// What generated rows keep to.
  Schema values() const { return with_keys_to_come(result_.scenario.schema, proposal_.plan); }

  void fill_tables() {
    report("filling the tables");
    backend_->prepare(result_.scenario.schema, values());
  }

  /// Made-up keys would find no row.
  void look_at_rows(Catalogue& catalogue) {
    report("looking at the rows");
    backend_->prepare(result_.scenario.schema);
    if (backend_->name() == "postgresql") use_known_keys(*backend_, proposal_.versions, catalogue, options_.note);
  }

  void report(const std::string& what) const {
    if (options_.stop != nullptr && options_.stop->load()) throw Error(ErrorCode::Interrupted, "stopped");
    if (options_.progress) options_.progress(what, -1);
  }

  void note_other_server(const Dialect& asked) {
    const std::string note = other_server(asked, *backend_);
    if (note.empty()) return;
    result_.scenario.assumptions.push_back(note);
    if (options_.note && options_.run == 0) options_.note(note);
  }

  void describe() {
    result_.backend = backend_->name();
    result_.server_version = backend_->server_version();
    result_.strategy = proposal_.name;
    result_.scale = options_.scale;
    result_.profile = cost::default_profile(backend_->dialect());
  }

  void calibrate_costs(const ClientApplication& application, const Catalogue& catalogue) {
    if (!options_.calibrate || backend_->name() == "fake") return;
    report("measuring statements");
    const Calibration calibration = calibrate(*backend_, application, catalogue, result_.scenario.database, known_profile());
    use_service_times(result_.scenario, proposal_, calibration);
    result_.profile = calibration.profile;
    assume_measured(result_.scenario, calibration, !calibration.costs_measured && !options_.profile);
  }

  /// Nothing is made in a database that is used in place, so nothing is measured there either.
  std::optional<cost::Profile> known_profile() const {
    if (options_.profile || !options_.in_place || backend_->name() != "postgresql") return options_.profile;
    return cost::default_profile(backend_->dialect());
  }

  void predict_runs() {
    report("predicting");
    RunOptions run_options;
    run_options.runs = options_.runs;
    run_options.seed = options_.seed;
    run_options.jobs = options_.jobs;
    run_options.profile = result_.profile;
    run_options.stop = options_.stop;
    run_options.lead_out = options_.lead_out;
    result_.prediction = predict(result_.scenario, proposal_, run_options);
    // Its own run with every request simulated: then its arrivals are the replay's, one by one.  How long the
    // database's work happens to take is no draw that both share, so there it takes its median.
    run_options.exact = true;
    run_options.profile->spread = 0;
    result_.paired = simulate_run(result_.scenario, proposal_, run_options, options_.run, true);
  }

  void judge_validity(const PlanRunResult& run) {
    result_.lateness = run.lateness;
    result_.invalid_reason = invalid_because_of(run.lateness);
    result_.valid = result_.invalid_reason.empty();
  }

  const Clock::time_point begun_ = Clock::now();
  const ReplayOptions& options_;
  std::unique_ptr<Backend> backend_;
  strategy::Proposal proposal_;
  ReplayResult result_;
};

}  // namespace

bool ended_unforeseen(const ReplayResult& replay) {
  const auto& runs = replay.prediction.runs;
  return !replay.measured.completed && replay.paired.completed &&
         std::all_of(runs.begin(), runs.end(), [](const Measurement& run) { return run.completed; });
}

std::string invalid_because_of(const Lateness& lateness) {
  const auto late = [](Duration length) { return duration_text(Duration::milliseconds(length.ns / 1'000'000)) + " late"; };
  if (lateness.p99 > kLatenessMax) {
    return "the load generator fell behind: one request in a hundred was more than " + late(lateness.p99) + "; use a smaller load";
  }
  if (lateness.max <= kFreezeMax) return {};
  return "the load generator fell behind for a moment: a request was " + late(lateness.max) + "; replay again, on a machine with less else to do";
}

ReplayResult replay(const Scenario& scenario, const std::string& strategy, const std::string& uri,
                    const ReplayOptions& options) {
  check_options(options);
  return Replay(scenario, strategy, uri, options).run();
}

}  // namespace midflight::backends
