#include "backends/calibrate/server_calibration.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <thread>

#include "backends/calibrate/machine.h"
#include "backends/calibrate/work_bench.h"
#include "backends/postgres/scratch_database.h"
#include "backends/postgres/server_facts.h"
#include "backends/postgres/uri.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

constexpr int kSpareConnections = 5;  // for superusers, and for whoever else works there

std::vector<TableShape> shapes_of(const CalibrateOptions& options) {
  std::vector<TableShape> shapes = {{100'000, 0}, {1'000'000, 0}, {50'000, 400}, {200'000, 400}};
  if (options.thorough) shapes.insert(shapes.end(), {{4'000'000, 0}, {800'000, 400}});
  for (TableShape& shape : shapes) {
    shape.rows = std::max<std::int64_t>(1000, static_cast<std::int64_t>(static_cast<double>(shape.rows) * options.size));
  }
  return shapes;
}

/// Ends a statement that runs when the user asks for an end.
class Canceller {
 public:
  Canceller(PostgresConnection& session, const std::atomic<bool>* stop) : thread_([this, &session, stop] { watch(session, stop); }) {}
  ~Canceller() {
    over_ = true;
    thread_.join();
  }
  Canceller(const Canceller&) = delete;
  Canceller& operator=(const Canceller&) = delete;

 private:
  void watch(PostgresConnection& session, const std::atomic<bool>* stop) const {
    while (!over_) {
      if (stop != nullptr && *stop) session.cancel();
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  std::atomic<bool> over_{false};
  std::thread thread_;
};

class Calibration {
 public:
  Calibration(const std::string& connection, const CalibrateOptions& options)
      : connection_(connection), options_(options), session_(connection), canceller_(session_, options.stop), shapes_(shapes_of(options)) {}

  ServerCalibration run() {
    describe();
    const int tries = options_.thorough ? 5 : 3;
    for (const TableShape& shape : shapes_) {
      auto seen = observe_work(session_, shape, tries, options_.stop, [this](const std::string& what) { tell(what); });
      result_.observations.insert(result_.observations.end(), std::make_move_iterator(seen.begin()), std::make_move_iterator(seen.end()));
    }
    traffic();
    fit();
    return std::move(result_);
  }

 private:
  void tell(const std::string& what) {
    if (options_.stop != nullptr && *options_.stop) throw Error(ErrorCode::Interrupted, "interrupted; the scratch database is removed");
    const double parts = static_cast<double>(shapes_.size()) * kWorkParts + 4;
    if (options_.progress) options_.progress(what, std::min(1.0, told_++ / parts));
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

  int sessions_most() {
    return std::stoi(session_.value("SELECT current_setting('max_connections')::int - (SELECT count(*) FROM pg_stat_activity "
                                    "WHERE backend_type = 'client backend')")) - kSpareConnections;
  }

  /// The second table again, with its key, and requests on it.
  void traffic() {
    tell("statements");
    ScratchTable table(session_, shapes_[1].rows, shapes_[1].pad, options_.stop);
    const std::vector<Observation> alone = observe_passes(table, 3);
    table.run("ALTER TABLE work ADD CONSTRAINT work_pkey PRIMARY KEY (id)");
    result_.services = service_times(session_, table.rows(), 300);
    describe_requests();
    result_.profile.commit_s = rounded(commit_seconds(session_, 100));
    tell("capacity");
    const double watched = options_.thorough ? 4 : std::clamp(2 * options_.size, 0.3, 2.0);
    result_.capacity = measure_capacity(connection_, table.rows(), watched, sessions_most(), options_.stop);
    result_.profile.herd_s = rounded(result_.capacity.herd_s(result_.profile.read_s));
    tell("passes beside traffic");
    passes_under_load(alone);
  }

  // The passes take the name of the table, so the readers get another one.
  void passes_under_load(const std::vector<Observation>& alone) {
    result_.readers = std::max(1, std::min(result_.capacity.sessions, 8));
    session_.query("ALTER TABLE work RENAME TO traffic; ALTER INDEX work_pkey RENAME TO traffic_pkey; "
                   "CREATE SCHEMA beside; ALTER TABLE traffic SET SCHEMA beside; ALTER TABLE beside.traffic RENAME TO work");
    ScratchTable table(session_, shapes_[1].rows, shapes_[1].pad, options_.stop);
    const ReadingCrowd crowd(connection_ + " options='-c search_path=beside'", result_.readers, table.rows());
    const std::vector<Observation> loaded = observe_passes(table, 3);
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
  Canceller canceller_;
  std::vector<TableShape> shapes_;
  ServerCalibration result_;
  int told_ = 0;
};

}  // namespace

ServerCalibration calibrate_server(const std::string& uri, const CalibrateOptions& options) {
  const PostgresUri server = read_postgres_uri(uri);
  {
    PostgresConnection first(uri);
    refuse_old_server(first);
  }
  const ScratchDatabase scratch(server, false, options.note);
  return Calibration(connection_text(server.with_database(scratch.name())), options).run();
}

}  // namespace midflight::backends
