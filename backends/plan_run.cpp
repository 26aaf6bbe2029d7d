#include "backends/plan_run.h"

#include <algorithm>

#include "backends/background.h"
#include "backends/data/removals.h"
#include "backends/fleet.h"
#include "backends/queue_story.h"
#include "sim/conduct/plan_conductor.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

std::vector<std::int64_t> backfill_rows(const strategy::Proposal& proposal, const Catalogue& catalogue) {
  std::vector<std::int64_t> rows;
  for (const Step& step : proposal.plan.steps) {
    const auto* backfill = std::get_if<BackfillStep>(&step.action);
    const bool known = backfill != nullptr && !backfill->update.accesses.empty();
    rows.push_back(known ? catalogue.table_rows(backfill->update.accesses.front().relation) : 0);
  }
  return rows;
}

/// Of the application, the plan and what runs in the background.
std::vector<const Statement*> all_statements(const Scenario& scenario, const strategy::Proposal& proposal) {
  std::vector<const Statement*> all;
  const auto add = [&](const std::vector<Statement>& statements) {
    for (const Statement& statement : statements) all.push_back(&statement);
  };
  for (const Version& version : proposal.versions) {
    for (const Endpoint& endpoint : version.endpoints) add(endpoint.statements);
  }
  for (const Step& step : proposal.plan.steps) {
    if (const auto* sql = std::get_if<SqlStep>(&step.action)) add(sql->statements);
    if (const auto* backfill = std::get_if<BackfillStep>(&step.action)) all.push_back(&backfill->update);
  }
  for (const BackgroundJob& job : scenario.background) all.push_back(&job.statement);
  return all;
}

/// One plan under load, from the first arrival to the last answer.
class PlanRun {
 public:
  PlanRun(Backend& backend, const Scenario& scenario, const strategy::Proposal& proposal, const Catalogue& catalogue,
          const ClientApplication& application, const ReplayOptions& options, TimeLeft time_left)
      : backend_(backend),
        options_(options),
        time_left_(std::move(time_left)),
        environment_(options.seed, options.run),
        clock_{Clock::now() + std::chrono::nanoseconds((options.lead_in + kSetUp).ns)},
        crew_(failure_),
        load_(backend, application, scenario.app, environment_, clock_, failure_),
        context_{backend, scenario,   proposal, catalogue, application, environment_, clock_,
                 loop_,   crew_, load_, story_},
        conductor_(proposal.plan, backfill_rows(proposal, catalogue)),
        steps_(context_, [this](const conduct::Event& event) { tell(event); }),
        fleet_(context_, [this](std::size_t step) { tell(conduct::RolloutEnded{step}); }),
        background_(context_) {}

  // The threads use everything above, so they go first.
  ~PlanRun() {
    if (!finished_) backend_.cancel();
    load_.abort();
    crew_.stop();
  }

  PlanRunResult run() {
    fleet_.begin();
    load_.start(Instant{} - options_.lead_in);
    background_.start(Instant{} - options_.lead_in);
    loop_.at(clock_.when(Instant{}), [this] { tell(conduct::Begin{}); });
    loop_.at(clock_.when(Instant{} + context_.scenario.time_limit), [this] {
      end_plan("not done within limits.time of " + duration_text(context_.scenario.time_limit));
    });
    loop_.run([this] { return ended_ && clock_.now() >= plan_end_ + options_.lead_out; }, [this] { tick(); });
    wait_for_requests();
    return result();
  }

 private:
  static constexpr Duration kSetUp = Duration::milliseconds(50);
  static constexpr Duration kPatience = Duration::seconds(5);

  void tell(const conduct::Event& event) {
    if (ended_) return;
    conduct::Commands commands;
    conductor_.on(event, clock_.now(), commands);
    for (const conduct::Command& command : commands) {
      std::visit([this](const auto& c) { carry_out(c); }, command);
    }
  }

  void carry_out(const conduct::RunStatement& c) { steps_.run(c); }
  void carry_out(const conduct::RunBatch& c) { steps_.run(c); }
  void carry_out(const conduct::BeginRollout& c) { fleet_.begin_rollout(c.step); }
  void carry_out(const conduct::AskCheck& c) { steps_.ask(c); }
  void carry_out(const conduct::SetTimer& c) {
    loop_.at(Clock::now() + std::chrono::nanoseconds(c.delay.ns),
             [this, c] { tell(conduct::TimerFired{c.step, c.timer}); });
  }
  void carry_out(const conduct::StepBegan& c) {
    steps_.began(c.step);
    time_left_.began(c.step, clock_.now());
    what_ = "step " + context_.step(c.step).id;
  }
  void carry_out(const conduct::StepEnded& c) {
    steps_.ended(c.step);
    time_left_.ended(c.step, clock_.now());
  }
  void carry_out(const conduct::PlanEnded& c) { end_plan(c.why); }

  void end_plan(const std::string& why) {
    if (ended_) return;
    ended_ = true;
    plan_end_ = clock_.now();
    time_left_.ended_plan(plan_end_);
    why_ = why;
    fleet_.close();
    if (!why.empty()) steps_.cancel();
  }

  void tick() {
    if (failure_.failed()) failure_.rethrow();
    if (options_.stop != nullptr && options_.stop->load()) throw Error(ErrorCode::Interrupted, "stopped");
    if (options_.progress) options_.progress(ended_ ? "after the plan" : what_, time_left_.share(clock_.now(), Clock::now()));
  }

  void wait_for_requests() {
    background_.stop();
    traffic_end_ = clock_.now();
    load_.end_arrivals();
    const Clock::time_point until =
        Clock::now() + std::chrono::nanoseconds((context_.scenario.app.request_timeout + kPatience).ns);
    loop_.run([&] { return load_.in_system() == 0 || Clock::now() >= until; }, [this] { tick(); });
    overloaded_ = load_.in_system() > 0;
    load_.finish();
    background_.cancel();
    crew_.stop();
    finished_ = !overloaded_;
    // What hangs is cancelled, and says no more than that.
    if (!overloaded_) failure_.rethrow();
  }

  PlanRunResult result() {
    PlanRunResult r;
    r.requests = load_.records();
    r.errors = load_.errors().kinds();
    r.steps = steps_.measurements();
    r.stretches = steps_.stretches();
    r.timeline = story_.take();
    r.queue = told_queues(backend_.take_sightings(), context_.application, r.requests, clock_);
    r.plan_end = plan_end_;
    r.traffic_end = traffic_end_;
    r.why_incomplete = why_;
    r.overlap = fleet_.overlap();
    r.lateness = load_.lateness();
    r.deployments = fleet_.deployments();
    r.overloaded = overloaded_;
    r.schema = steps_.schema();
    r.serving_versions = fleet_.serving_versions();
    r.disagreeing_rows = steps_.disagreeing_rows();
    r.why_blind = backend_.why_blind();
    r.losing_rows = tables_losing_rows(all_statements(context_.scenario, context_.proposal), context_.scenario.schema);
    return r;
  }

  Backend& backend_;
  const ReplayOptions& options_;
  TimeLeft time_left_;
  traffic::Environment environment_;
  RunClock clock_;
  Failure failure_;
  EventLoop loop_;
  Story story_;
  Crew crew_;
  LoadGenerator load_;
  RunContext context_;
  conduct::PlanConductor conductor_;
  StepRunner steps_;
  ReplayFleet fleet_;
  BackgroundJobs background_;
  bool ended_ = false, overloaded_ = false, finished_ = false;
  Instant plan_end_{}, traffic_end_{};
  std::string why_, what_ = "lead-in";
};

}  // namespace

PlanRunResult run_plan(Backend& backend, const Scenario& scenario, const strategy::Proposal& proposal,
                       const Catalogue& catalogue, const ClientApplication& application, const ReplayOptions& options, TimeLeft time_left) {
  return PlanRun(backend, scenario, proposal, catalogue, application, options, std::move(time_left)).run();
}

}  // namespace midflight::backends
