#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>

#include "sim/kernel/error.h"
#include "sim/run/comparison.h"
#include "sim/run/world.h"

namespace midflight {

namespace {

cost::Profile profile_of(const Scenario& scenario, const RunOptions& options) {
  return options.profile ? *options.profile : cost::default_profile(scenario.database.dialect);
}

/// Deals out run numbers to threads; each result goes to its own place, so the
/// order in which threads finish shows nowhere.
class Dealer {
 public:
  Dealer(const Program& program, const RunOptions& options, std::vector<Measurement>& results)
      : program_(program), options_(options), results_(results) {}

  void work() {
    try {
      const std::unique_ptr<Epoch> root = Epoch::initial(program_);
      for (std::size_t run = next_++; run < results_.size() && !stopped(); run = next_++) {
        results_[run] = World(program_, *root, options_, run, run == 0).run();
        report();
      }
    } catch (...) {
      const std::lock_guard guard(mutex_);
      failure_ = std::current_exception();
      next_ = results_.size();
    }
  }

  void finish() const {
    if (failure_) std::rethrow_exception(failure_);
    if (stopped()) throw Error(ErrorCode::Interrupted, "interrupted");
  }

 private:
  bool stopped() const { return options_.stop != nullptr && *options_.stop; }
  void report() {
    const std::size_t done = ++done_;
    if (!options_.progress) return;
    const std::lock_guard guard(mutex_);
    options_.progress(static_cast<std::int64_t>(done), static_cast<std::int64_t>(results_.size()));
  }

  const Program& program_;
  const RunOptions& options_;
  std::vector<Measurement>& results_;
  std::atomic<std::size_t> next_{0}, done_{0};
  std::mutex mutex_;
  std::exception_ptr failure_;
};

void add_assumptions(const Program& program, std::vector<std::string>& assumptions) {
  for (std::string& sentence : program.assumptions()) {
    if (std::find(assumptions.begin(), assumptions.end(), sentence) == assumptions.end()) assumptions.push_back(std::move(sentence));
  }
}

int threads_for(const RunOptions& options) {
  const int wanted = options.jobs > 0 ? options.jobs : static_cast<int>(std::thread::hardware_concurrency());
  return std::clamp(wanted, 1, std::max(options.runs, 1));
}

/// Repeats the run to be told where that is not run 0, whose story is known.
void tell_chosen(Prediction& prediction, const Program& program, const RunOptions& options) {
  if (prediction.told == 0) return;
  const std::unique_ptr<Epoch> root = Epoch::initial(program);
  prediction.runs[prediction.told] = World(program, *root, options, prediction.told, true).run();
}

}  // namespace

Prediction predict(const Scenario& scenario, const strategy::Proposal& proposal, const RunOptions& options) {
  Prediction prediction;
  prediction.proposal = proposal;
  if (proposal.refused) {
    prediction.verdict = Verdict::Refused;
    prediction.why = proposal.why;
    return prediction;
  }
  if (options.runs < 1) throw Error(ErrorCode::BadInput, "at least one run is needed");
  const Program program(scenario, prediction.proposal, profile_of(scenario, options));
  add_assumptions(program, prediction.proposal.assumptions);
  prediction.conditions = program.conditions();
  prediction.runs.resize(static_cast<std::size_t>(options.runs));
  Dealer dealer(program, options, prediction.runs);
  std::vector<std::thread> helpers;
  for (int i = 1; i < threads_for(options); ++i) helpers.emplace_back([&dealer] { dealer.work(); });
  dealer.work();
  for (std::thread& helper : helpers) helper.join();
  dealer.finish();
  judge(prediction, program);
  tell_chosen(prediction, program, options);
  return prediction;
}

Measurement simulate_run(const Scenario& scenario, const strategy::Proposal& proposal, const RunOptions& options,
                         std::uint64_t run, bool tell) {
  MIDFLIGHT_CHECK(!proposal.refused);
  const Program program(scenario, proposal, profile_of(scenario, options));
  const std::unique_ptr<Epoch> root = Epoch::initial(program);
  return World(program, *root, options, run, tell).run();
}

}  // namespace midflight
