#include "backends/postgres/postgres_backend.h"

#include "backends/postgres/fill.h"
#include "backends/postgres/sampler.h"
#include "backends/postgres/scratch_database.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

constexpr int kOldestMajor = 12;

class PostgresBackend final : public Backend {
 public:
  PostgresBackend(const std::string& uri, const BackendOptions& options)
      : options_(options), server_uri_(read_postgres_uri(uri)), stop_(options.stop) {
    examine();
    if (!options.in_place) scratch_ = std::make_unique<ScratchDatabase>(server_uri_, options.keep, options.note);
    shared_ = std::make_unique<PostgresShared>(PostgresShared{
        scratch_ ? server_uri_.with_database(scratch_->name()) : server_uri_, stop_, options.prepared, options.prepare_again});
    if (scratch_ && options.keep && options.note) options.note("the rows stay in database " + scratch_->name());
    sampler_ = std::make_unique<LockSampler>(*shared_, activities_);
  }

  ~PostgresBackend() override {
    stop_.set();  // the sampler's connection may be waiting
    sampler_.reset();
    if (options_.in_place) end_sessions();
  }

  std::string name() const override { return "postgresql"; }
  std::string server_version() const override { return version_; }
  Dialect dialect() const override { return {Engine::Postgresql, major_}; }
  std::optional<ServerSettings> settings() const override { return settings_; }

  void prepare(const Schema& schema) override {
    std::string refused;
    const std::unique_ptr<Wire> wire = Wire::connect(shared_->uri, stop_, "prepare", refused);
    if (!wire) throw Error(ErrorCode::Database, "no connection to " + shared_->uri.shown + ": " + refused);
    options_.in_place ? check_tables(*wire, schema) : create_and_fill(*wire, schema, dialect());
  }

  std::unique_ptr<Session> open(const std::string& name, Role role) override {
    return std::make_unique<PostgresSession>(*shared_, activities_.add(name, role));
  }

  std::vector<LockSample> locks() const override { return sampler_->locks(); }
  void cancel() noexcept override { stop_.set(); }

 private:
  void examine() {
    PostgresConnection server(connection_text(server_uri_));
    major_ = server.major_version();
    version_ = server.value("SELECT split_part(current_setting('server_version'), ' ', 1)");  // what follows names the package
    if (major_ < kOldestMajor) {
      throw Error(ErrorCode::Database, "PostgreSQL " + version_ + " is too old for a replay; it needs " + std::to_string(kOldestMajor) + " or later");
    }
    settings_.connections = std::stoi(server.value("SHOW max_connections"));
    settings_.reserved = std::stoi(server.value("SHOW superuser_reserved_connections"));
    settings_.in_use = std::stoi(server.value("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"));
    settings_.same_machine =
        server.value("SELECT coalesce(inet_server_addr() = inet_client_addr() OR inet_server_addr() << '127.0.0.0/8', true)") == "t";
    settings_.deadlock_timeout = Duration::milliseconds(
        std::stoll(server.value("SELECT setting FROM pg_settings WHERE name = 'deadlock_timeout'")));
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
    try {
      PostgresConnection server(connection_text(server_uri_));
      server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = current_user "
                 "AND datname = current_database() AND application_name LIKE 'midflight %'");
    } catch (const std::exception&) {  // the server is gone, and they with it
    }
  }

  BackendOptions options_;
  PostgresUri server_uri_;
  PostgresStop stop_;
  std::string version_;
  int major_ = 0;
  ServerSettings settings_;
  std::unique_ptr<ScratchDatabase> scratch_;
  std::unique_ptr<PostgresShared> shared_;
  PostgresActivities activities_;
  std::unique_ptr<LockSampler> sampler_;
};

}  // namespace

std::unique_ptr<Backend> open_postgres(const std::string& uri, const BackendOptions& options) {
  return std::make_unique<PostgresBackend>(uri, options);
}

}  // namespace midflight::backends
