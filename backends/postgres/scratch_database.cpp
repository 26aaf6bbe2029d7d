#include "backends/postgres/scratch_database.h"

#include <array>
#include <atomic>
#include <cstdio>
#include <random>
#include <thread>

#include "backends/backend.h"
#include "backends/postgres/neighbours.h"
#include "backends/postgres/patience.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

constexpr const char* kKept = "kept by midflight replay --keep";
constexpr auto kReturnMax = std::chrono::seconds(10);  // of a server that restarts
constexpr auto kBetween = std::chrono::milliseconds(200);

std::string random_name() {
  std::random_device device;
  const std::uint64_t bits = (std::uint64_t{device()} << 32) ^ device();
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "midflight_%012llx", static_cast<unsigned long long>(bits & 0xffffffffffffULL));
  return name.data();
}

/// The advisory lock of a name; pg_locks shows who holds it in any database.
std::string lock_of(const std::string& name) { return "hashtext(" + quoted_literal(name) + "), " + std::to_string(kAdvisoryKey); }

// Advisory locks of two keys have objsubid 2.  Source: PostgreSQL manual, pg_locks.
const std::string kAbandoned =
    "SELECT d.datname FROM pg_database d WHERE d.datname ~ '^midflight_[0-9a-f]{12}$' "
    "AND d.datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user) "
    "AND coalesce(shobj_description(d.oid, 'pg_database'), '') NOT LIKE 'kept by%' "
    "AND NOT EXISTS (SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 2 "
    "AND l.classid = (hashtext(d.datname)::bigint & 4294967295)::oid AND l.objid = " + std::to_string(kAdvisoryKey) + ") "
    "AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datid = d.oid)";

/// On its own: it may have to be left behind with a server that hangs.
struct Removal {
  Removal(PostgresUri where, std::string what, std::unique_ptr<PostgresConnection> connection)
      : uri(std::move(where)), name(std::move(what)), server(std::move(connection)) {}

  const PostgresUri uri;
  const std::string name;
  std::unique_ptr<PostgresConnection> server;
  std::atomic<bool> reached{false};
  std::string refusal;   ///< the server's own words

  /// Ends every session in the database, as soon as the server is there.
  void reach(Clock::time_point until) {
    while (!(reached = sessions_ended()) && Clock::now() < until) std::this_thread::sleep_for(kBetween);
  }

  bool sessions_ended() {
    return with_server([&] {
      server->run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = " + quoted_literal(name));
      return true;
    });
  }

  /// Takes as long as the server needs to remove the files.
  bool drop() {
    return with_server([&] {
      const std::string force = server->major_version() >= 13 ? " WITH (FORCE)" : "";  // came with version 13
      refusal = server->run("DROP DATABASE IF EXISTS " + quoted_identifier(name) + force).message;
      return refusal.empty();
    });
  }

  template <typename F>
  bool with_server(F work) {
    try {
      if (!server) server = std::make_unique<PostgresConnection>(connection_text(uri));
      return work();
    } catch (const std::exception&) {  // not there yet, or not any more
      server.reset();
      return false;
    }
  }
};

}  // namespace

ScratchDatabase::ScratchDatabase(const PostgresUri& uri, bool keep, Note note)
    : uri_(uri), keep_(keep), note_(std::move(note)) {
  server_ = std::make_unique<PostgresConnection>(connection_text(uri));
  check_rights();
  remove_abandoned();
  create();
}

void ScratchDatabase::check_rights() {
  if (server_->value("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user") == "t") return;
  throw Error(ErrorCode::Database, "the role " + server_->value("SELECT current_user") +
                                       " may not create databases, and a replay works in one of its own: ALTER ROLE ... CREATEDB, "
                                       "or --in-place for a database that may be changed");
}

void ScratchDatabase::remove_abandoned() {
  for (const TextRow& row : server_->query(kAbandoned)) {
    // Without FORCE: whoever came meanwhile keeps it.
    server_->run("DROP DATABASE IF EXISTS " + quoted_identifier(row.front().value_or("")));
  }
}

void ScratchDatabase::create() {
  name_ = random_name();
  server_->query("SELECT pg_advisory_lock(" + lock_of(name_) + ")");
  server_->query("CREATE DATABASE " + quoted_identifier(name_) + " TEMPLATE template0 ENCODING 'UTF8'");
  if (keep_) server_->query("COMMENT ON DATABASE " + quoted_identifier(name_) + " IS " + quoted_literal(kKept));
}

ScratchDatabase::~ScratchDatabase() {
  if (keep_) return;
  const auto removal = std::make_shared<Removal>(uri_, name_, std::move(server_));
  const Clock::time_point until = Clock::now() + kReturnMax;
  std::string why = "the server does not answer";
  for (;;) {
    if (!ends_within(kReturnMax, [removal, until] { removal->reach(until); }) || !removal->reached) break;
    if (removal->drop()) return;
    if (!removal->refusal.empty()) why = removal->refusal;
    if (Clock::now() >= until) break;
    std::this_thread::sleep_for(kBetween);
  }
  if (note_) note_("database " + name_ + " could not be removed: " + why + "; the next replay there removes it");
}

}  // namespace midflight::backends
