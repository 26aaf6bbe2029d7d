#include "backends/calibrate/server_calibration.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <limits>
#include <thread>

#include "backends/calibrate/budget.h"
#include "backends/calibrate/machine.h"
#include "backends/calibrate/work_bench.h"
#include "backends/postgres/neighbours.h"
#include "backends/postgres/scratch_database.h"
#include "backends/postgres/server_facts.h"
#include "backends/postgres/uri.h"
#include "backends/timing.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

constexpr int kSpareConnections = 5;  // for superusers, and for whoever else works there
constexpr int kSessionsLeast = 4;     // fewer are no crowd
constexpr double kTableShareLeast = 0.15;  // of all the time a table may take before it is given up
constexpr std::size_t kMeasuredAgain = 1;  // which table
constexpr double kRoughSeconds = 0.005;    // shorter work tells more of the moment than of the server

/// Of one row, as far as the work on the table goes: the passes take a third of the time of all that is measured.
std::int64_t bytes_of(const TableShape& shape) { return (80 + shape.pad) / (shape.passes_only ? 3 : 1); }

/// What to say where a slow server was spared something.
std::string left_out(const Effort& wanted, const Effort& effort) {
  if (effort == wanted) return "";
  std::string text = "to end in time, ";
  if (effort.rows < wanted.rows) text += fmt::format("a scratch table of {} rows has {}, and ", wanted.rows, effort.rows);
  return text + fmt::format("work on {} rows was tried {} instead of {} times", effort.rows, effort.tries, wanted.tries);
}

/// What to say where most work was over too soon.
std::string rough(const std::vector<Observation>& observations) {
  std::vector<double> times;
  for (const Observation& o : observations) {
    if (o.family != "metadata" && o.batch_rows == 0) times.push_back(o.measured_s());
  }
  if (times.empty() || median(times) >= kRoughSeconds) return "";
  return fmt::format("the profile is rough: half of what was measured took less than {:.1f} ms; larger tables (--size) tell more", median(times) * 1e3);
}

std::vector<TableShape> shapes_of(const CalibrateOptions& options) {
  std::vector<TableShape> shapes = {{100'000, 0}, {800'000, 0}, {3'000'000, 0, true}, {50'000, 400}, {200'000, 400}};
  if (options.thorough) shapes.insert(shapes.end(), {{4'000'000, 0}, {800'000, 400}});
  for (TableShape& shape : shapes) {
    shape.rows = std::max(kRowsLeast, static_cast<std::int64_t>(static_cast<double>(shape.rows) * options.size));
  }
  return shapes;
}

/// A table took longer than it may.
struct TooSlow {};

class Calibration {
 public:
  Calibration(const std::string& connection, const CalibrateOptions& options)
      : connection_(connection), options_(options), session_(connection), shapes_(shapes_of(options)),
        budget_(options.thorough ? std::numeric_limits<double>::infinity() : options.seconds_most) {
    if (options.stop != nullptr) session_.end_with(*options.stop);
  }

  ServerCalibration run(const std::string& other_work) {
    remark(other_work);
    sessions_most();  // before the work on tables, which would be in vain
    describe();
    for (std::size_t i = 0; i < shapes_.size(); ++i) work(i);
    traffic();
    fit();
    remark(rough(result_.observations));
    return std::move(result_);
  }

 private:
  /// On one table, which becomes smaller where the server is too slow for it.
  void work(std::size_t i) {
    TableShape& shape = shapes_[i];
    const Effort wanted{shape.rows, options_.thorough ? 5 : 3};
    // Twice its share, for what a small table takes says too much of a large one.
    const double left_s = budget_.left_s(), most_s = std::min(left_s, 2 * left_s * share_of(i));
    Effort effort = budget_.effort(wanted, bytes_of(shape), most_s);
    while (!work_on(shape, effort, std::max(most_s, options_.seconds_most * kTableShareLeast))) effort = {effort.rows / 10, 1};
    remark(left_out(wanted, effort));
    if (i == kMeasuredAgain) tries_again_ = effort.tries;
  }

  /// Returns: false when it was given up.
  bool work_on(TableShape& shape, const Effort& effort, double most_s) {
    shape.rows = effort.rows;
    const auto begin = TimeBudget::Clock::now();
    const auto since = [begin] { return std::chrono::duration<double>(TimeBudget::Clock::now() - begin).count(); };
    try {
      auto seen = observe_work(session_, shape, effort.tries, options_.stop, [&](const std::string& what) {
        if (since() > most_s && effort.rows >= 10 * kRowsLeast) throw TooSlow();
        tell(what);
      });
      result_.observations.insert(result_.observations.end(), std::make_move_iterator(seen.begin()), std::make_move_iterator(seen.end()));
    } catch (const TooSlow&) {
      budget_.gave_up(effort, bytes_of(shape), since());
      return false;
    }
    budget_.took(effort, bytes_of(shape), since());
    return true;
  }

  /// Of the work on the tables that are left, this one's.
  double share_of(std::size_t i) const {
    const auto size = [this](std::size_t k) { return static_cast<double>(shapes_[k].rows * bytes_of(shapes_[k])); };
    double all = 0;
    for (std::size_t k = i; k < shapes_.size(); ++k) all += size(k);
    return size(i) / all;
  }

  void remark(const std::string& text) {
    if (text.empty()) return;
    result_.remarks.push_back(text);
    if (options_.note) options_.note(text);
  }

  void tell(const std::string& what) {
    int parts = 4;
    for (const TableShape& shape : shapes_) parts += work_parts(shape);
    if (options_.progress) options_.progress(what, std::min(1.0, static_cast<double>(told_++) / parts));
  }

  void describe() {
    result_.profile = cost::default_profile({Engine::Postgresql, session_.major_version()});
    result_.profile.server = "PostgreSQL " + session_.value("SELECT current_setting('server_version')");
    result_.profile.machine = machine_fingerprint(session_);
    result_.profile.measured = fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)));
    result_.profile.name = fmt::format("{}, measured {}", result_.profile.server, result_.profile.measured);
    for (const char* setting : {"shared_buffers", "maintenance_work_mem", "work_mem", "max_wal_size", "fsync", "synchronous_commit",
                                "full_page_writes", "wal_level", "max_parallel_maintenance_workers", "max_connections"}) {
      result_.settings.push_back(fmt::format("{} = {}", setting, session_.value(fmt::format("SELECT current_setting('{}')", setting))));
    }
  }

  /// Errors: Error(Database) where they are too few to measure anything.
  int sessions_most() {
    const int all = std::stoi(session_.value("SELECT current_setting('max_connections')"));
    const int used = std::stoi(session_.value("SELECT count(*) FROM pg_stat_activity WHERE " + std::string(kClientSession)));
    const int most = all - used - kSpareConnections;
    if (most >= kSessionsLeast) return most;
    throw Error(ErrorCode::Database, fmt::format("too few connections left on the server to measure its capacity: {} of max_connections = {} are in use, "
                                                 "and {} more are wanted", used, all, kSpareConnections + kSessionsLeast));
  }

  /// Of a server elsewhere nobody knows how many there are: as many as its best rate keeps busy.
  double processors() {
    if (on_this_machine(session_)) return std::max(1U, std::thread::hardware_concurrency());
    return std::max(1.0, result_.capacity.per_second * result_.profile.read_s);
  }

  /// One table again, with its key, and requests on it.
  void traffic() {
    tell("statements");
    ScratchTable table(session_, shapes_[kMeasuredAgain].rows, shapes_[kMeasuredAgain].pad, options_.stop);
    // A minute or two behind the others: a server's speed changes meanwhile, and the fit is for neither moment alone.
    const std::vector<Observation> alone = observe_passes(table, tries_again_);
    result_.observations.insert(result_.observations.end(), alone.begin(), alone.end());
    result_.profile.removal_bytes_per_s = rounded(removal_bytes_per_s(session_, tries_again_));
    table.run("ALTER TABLE work ADD CONSTRAINT work_pkey PRIMARY KEY (id)");
    result_.services = service_times(session_, table.rows(), 300);
    describe_requests();
    result_.profile.commit_s = rounded(commit_seconds(session_, 100));
    tell("capacity");
    const double watched = options_.thorough ? 4 : std::clamp(2 * options_.size, 0.3, 2.0);
    result_.capacity = measure_capacity(connection_, table.rows(), watched, sessions_most(), options_.stop);
    result_.profile.herd_s = rounded(herd_seconds(result_.capacity.stalls, processors()));
    tell("passes beside traffic");
    passes_under_load(alone);
  }

  // The passes take the name of the table, so the readers get another one.
  void passes_under_load(const std::vector<Observation>& alone) {
    result_.readers = std::max(1, std::min(result_.capacity.sessions, 8));
    session_.query("ALTER TABLE work RENAME TO traffic; ALTER INDEX work_pkey RENAME TO traffic_pkey; "
                   "CREATE SCHEMA beside; ALTER TABLE traffic SET SCHEMA beside; ALTER TABLE beside.traffic RENAME TO work");
    ScratchTable table(session_, shapes_[kMeasuredAgain].rows, shapes_[kMeasuredAgain].pad, options_.stop);
    const ReadingCrowd crowd(connection_ + " options='-c search_path=beside'", result_.readers, table.rows(), options_.stop);
    const std::vector<Observation> loaded = observe_passes(table, tries_again_);
    for (std::size_t i = 0; i < loaded.size(); ++i) {
      result_.under_load.push_back({loaded[i].family, alone[i].measured_s(), loaded[i].measured_s()});
    }
  }

  /// In the order of service_times().
  void describe_requests() {
    cost::Profile& profile = result_.profile;
    profile.request_sigma = 0;
    std::size_t i = 0;
    for (double cost::Profile::*median_s : {&cost::Profile::read_s, &cost::Profile::update_s, &cost::Profile::insert_s}) {
      const Distribution& time = result_.services.at(i++).time;
      profile.*median_s = rounded(time.a);
      profile.request_sigma += time.b / 3;
    }
    profile.request_sigma = rounded(std::min(profile.request_sigma, 3.0));
  }

  void fit() {
    tell("fitting");
    result_.profile = fitted(result_.observations, result_.profile);
    result_.residuals = residuals_by_family(result_.observations, result_.profile);
  }

  const std::string connection_;
  const CalibrateOptions& options_;
  PostgresConnection session_;
  std::vector<TableShape> shapes_;
  TimeBudget budget_;
  ServerCalibration result_;
  int told_ = 0, tries_again_ = 1;
};

}  // namespace

ServerCalibration calibrate_server(const std::string& uri, const CalibrateOptions& options) {
  const PostgresUri server = read_postgres_uri(uri);
  PostgresConnection first(uri);
  refuse_old_server(first);
  claim_for_calibration(first);
  const std::string others = other_work(first);
  const ScratchDatabase scratch(server, false, options.note);
  return Calibration(connection_text(server.with_database(scratch.name())), options).run(others);
}

}  // namespace midflight::backends
