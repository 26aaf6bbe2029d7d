#include "backends/calibration.h"

#include <algorithm>

#include "backends/quick_profile.h"
#include "backends/timing.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

constexpr auto kServiceBudget = std::chrono::milliseconds(700);  // all endpoints
constexpr int kExecutions = 300;

void must(const Answer& answer) {
  if (!answer.ok()) throw Error(ErrorCode::Database, "cannot calibrate: " + answer.error.message);
}

class Calibrator {
 public:
  Calibrator(Backend& backend, const ClientApplication& application, const Catalogue& catalogue, const Database& database)
      : session_(backend.open("calibration")),
        application_(application),
        catalogue_(catalogue),
        dialect_(database.dialect) {}

  Calibration run(const std::optional<cost::Profile>& known) {
    Calibration result;
    const auto count = static_cast<int>(std::max<std::size_t>(1, application_.endpoints().size()));
    for (std::size_t e = 0; e < application_.endpoints().size(); ++e) {
      const ClientEndpoint& endpoint = application_.endpoint(0, e);
      const std::vector<double> seconds = endpoint.served ? execute(endpoint, kServiceBudget / count) : std::vector<double>{};
      if (!seconds.empty()) result.service[application_.endpoints()[e]] = lognormal_of(seconds);
      else result.unmeasured.push_back(application_.endpoints()[e]);
    }
    result.costs_measured = !known;
    result.profile = known ? *known : quick_profile(*session_, catalogue_, dialect_);
    return result;
  }

 private:
  std::vector<double> execute(const ClientEndpoint& endpoint, Clock::duration budget) {
    const Clock::time_point until = Clock::now() + budget;
    std::vector<double> seconds;
    Random random({1, 0, stream_id("calibration")});
    for (int i = 0; i < kExecutions && (i < 5 || Clock::now() < until); ++i) {
      const auto row = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(application_.rows()))) + 1;
      bool failed = false;
      const double length = seconds_of([&] { failed = !execute_once(endpoint, row, kSerials - 1 - i); });
      if (failed) return {};  // the version does not fit the schema: nothing to measure
      if (i > 0) seconds.push_back(length);  // the first one prepares
    }
    return seconds;
  }

  bool execute_once(const ClientEndpoint& endpoint, std::int64_t row, std::int64_t serial) {
    const bool writes = std::any_of(endpoint.statements.begin(), endpoint.statements.end(), [](const auto& s) { return s.writes; });
    if (!writes && endpoint.statements.size() == 1) return run_statements(endpoint, row, serial);
    must(session_->begin(writes, {}));
    const bool good = run_statements(endpoint, row, serial);
    session_->rollback();
    return good;
  }

  bool run_statements(const ClientEndpoint& endpoint, std::int64_t row, std::int64_t serial) {
    return std::all_of(endpoint.statements.begin(), endpoint.statements.end(), [&](const auto& s) {
      return session_->run(s.sql, ClientApplication::bind(s, row, serial), {}).ok();
    });
  }

  std::unique_ptr<Session> session_;
  const ClientApplication& application_;
  const Catalogue& catalogue_;
  Dialect dialect_;
};

}  // namespace

std::string measured_sentence(const Calibration& calibration) {
  std::string names;
  for (const std::string& name : calibration.unmeasured) names += (names.empty() ? "" : ", ") + name;
  std::string sentence = std::string("Service times") + (calibration.costs_measured ? " and the costs of DDL and batches" : "") + " were measured before the load began";
  if (!names.empty()) sentence += ", but not those of " + names + ", which are as the scenario has them";
  return sentence + ".";
}

Calibration calibrate(Backend& backend, const ClientApplication& application, const Catalogue& catalogue,
                      const Database& database, const std::optional<cost::Profile>& known) {
  return Calibrator(backend, application, catalogue, database).run(known);
}

}  // namespace midflight::backends
