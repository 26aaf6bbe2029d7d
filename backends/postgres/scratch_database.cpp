#include "backends/postgres/scratch_database.h"

#include <array>
#include <cstdio>
#include <random>
#include <thread>

#include "backends/backend.h"
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
std::string lock_of(const std::string& name) { return "hashtext(" + quoted_literal(name) + "), 1835623526"; }

// Advisory locks of two keys have objsubid 2.  Source: PostgreSQL manual, pg_locks.
constexpr const char* kAbandoned =
    "SELECT d.datname FROM pg_database d WHERE d.datname ~ '^midflight_[0-9a-f]{12}$' "
    "AND d.datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user) "
    "AND coalesce(shobj_description(d.oid, 'pg_database'), '') NOT LIKE 'kept by%' "
    "AND NOT EXISTS (SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 2 "
    "AND l.classid = (hashtext(d.datname)::bigint & 4294967295)::oid AND l.objid = 1835623526) "
    "AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datid = d.oid)";

}  // namespace

ScratchDatabase::ScratchDatabase(const PostgresUri& uri, bool keep, Note note)
    : uri_(uri), keep_(keep), note_(std::move(note)) {
  server_.emplace(connection_text(uri));
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
  const Clock::time_point until = Clock::now() + kReturnMax;
  while (!removed()) {
    if (Clock::now() >= until) {
      if (note_) note_("database " + name_ + " could not be removed, for the server does not answer; the next replay there removes it");
      return;
    }
    std::this_thread::sleep_for(kBetween);
  }
}

bool ScratchDatabase::removed() {
  try {
    if (!server_) server_.emplace(connection_text(uri_));
    const std::string name = quoted_identifier(name_);
    // FORCE came with version 13.
    server_->run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = " + quoted_literal(name_));
    const std::string force = server_->major_version() >= 13 ? " WITH (FORCE)" : "";
    return server_->run("DROP DATABASE IF EXISTS " + name + force).ok();
  } catch (const std::exception&) {  // not there yet, or not any more
    server_.reset();
    return false;
  }
}

}  // namespace midflight::backends
