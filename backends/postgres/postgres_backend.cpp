#include "backends/postgres/postgres_backend.h"

#include "backends/postgres/fill.h"
#include "backends/postgres/neighbours.h"
#include "backends/postgres/sampler.h"
#include "backends/postgres/scratch_database.h"
#include "backends/postgres/server_facts.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

class PostgresBackend final : public Backend {
 public:
  PostgresBackend(const std::string& uri, const BackendOptions& options)
      : options_(options), server_uri_(read_postgres_uri(uri)), stop_(options.stop) {
    come_in();
    shared_ = std::make_unique<PostgresShared>(PostgresShared{
        scratch_ ? server_uri_.with_database(scratch_->name()) : server_uri_, stop_, activities_, options.prepared, options.prepare_again});
    if (scratch_ && options.keep && options.note) options.note("the rows stay in database " + scratch_->name());
    sampler_ = std::make_unique<LockSampler>(*shared_, activities_);
  }

  ~PostgresBackend() override {
    stop_.set();  // the sampler's connection may be waiting
    sampler_.reset();
    if (options_.in_place) end_sessions();
  }

  std::string name() const override { return "postgresql"; }
  std::string server_version() const override { return facts_.version; }
  Dialect dialect() const override { return {Engine::Postgresql, facts_.major}; }
  std::optional<ServerSettings> settings() const override { return facts_.settings; }

  void prepare(const Schema& schema, const Schema& values) override {
    std::string refused;
    const std::unique_ptr<Wire> wire = Wire::connect(shared_->uri, stop_, "prepare", refused);
    if (!wire) throw Error(ErrorCode::Database, "no connection to " + shared_->uri.shown + ": " + refused);
    options_.in_place ? check_tables(*wire, schema) : create_and_fill(*wire, schema, values, options_.note);
  }

  std::unique_ptr<Session> open(const std::string& name, Role role) override {
    return std::make_unique<PostgresSession>(*shared_, activities_.add(name, role));
  }

  bool shares_threads() const override { return true; }
  std::vector<LockSample> locks() const override { return sampler_->locks(); }
  std::vector<LockSighting> take_sightings() override { return sampler_->take_sightings(); }
  std::string why_blind() const override { return sampler_->why_blind(); }
  void cancel() noexcept override { stop_.set(); }

 private:
  /// Looks around, and makes known who is here: a scratch database does so as long as it is there.
  void come_in() {
    PostgresConnection server(connection_text(server_uri_));
    facts_ = examine(server);
    claim_for_replay(server);
    if (options_.in_place) return keep_others_out(std::move(server));
    scratch_ = std::make_unique<ScratchDatabase>(server_uri_, options_.keep, options_.left_behind);
  }

  void keep_others_out(PostgresConnection server) {
    guard_.emplace(std::move(server));
    // Held until the end: two plans at once in one database would measure each other.
    if (guard_->value("SELECT pg_try_advisory_lock(hashtext('midflight in place'), " + std::to_string(kAdvisoryKey) + ")") == "t") return;
    throw Error(ErrorCode::Database, "another replay works in " + server_uri_.shown + " at this moment");
  }

  static void check_tables(Wire& wire, const Schema& schema) {
    for (const Table& table : schema.tables) {
      const WireReply reply = wire.run("SELECT to_regclass($1) IS NOT NULL", {quoted_name(table.name)}, {});
      if (!reply.ok() || reply.first != Value(std::int64_t{1})) throw Error(ErrorCode::BadInput, "the database has no table " + table.name);
    }
  }

  static std::string quoted_name(const std::string& name) {
    const auto dot = name.find('.');
    if (dot == std::string::npos) return quoted_identifier(name);
    return quoted_identifier(name.substr(0, dot)) + "." + quoted_identifier(name.substr(dot + 1));
  }

  /// Whatever still runs there for us: its client is gone.
  void end_sessions() noexcept {
    std::string processes;
    for (const int process : activities_.processes()) processes += (processes.empty() ? "" : ",") + std::to_string(process);
    try {
      PostgresConnection server(connection_text(server_uri_));
      server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = ANY ('{" + processes + "}') "
                 "AND usename = current_user AND datname = current_database() AND application_name LIKE 'midflight %'");
    } catch (const std::exception&) {  // the server is gone, and they with it
    }
  }

  BackendOptions options_;
  PostgresUri server_uri_;
  PostgresStop stop_;
  ServerFacts facts_;
  std::optional<PostgresConnection> guard_;   ///< in place: keeps others out
  std::unique_ptr<ScratchDatabase> scratch_;
  PostgresActivities activities_;
  std::unique_ptr<PostgresShared> shared_;
  std::unique_ptr<LockSampler> sampler_;
};

}  // namespace

std::unique_ptr<Backend> open_postgres(const std::string& uri, const BackendOptions& options) {
  return std::make_unique<PostgresBackend>(uri, options);
}

}  // namespace midflight::backends
