#pragma once

#include <memory>
#include <string>

#include "backends/fake/fake_backend.h"
#include "backends/postgres/postgres_backend.h"
#include "backends/sqlite/sqlite_backend.h"

namespace midflight::backends {

/// users(id, name) with 100 rows.
inline Schema users_schema() {
  Table users;
  users.name = "users";
  users.columns = {{"id", "bigint", true, {}, true, false}, {"name", "text", false, {}, false, false}};
  users.constraints = {{"users_pkey", ConstraintKind::PrimaryKey, {"id"}, "", "", {}, true, ""}};
  users.rows = 100;
  users.row_bytes = 40;
  return {{users}, {}, {}};
}

inline constexpr const char* kSlow =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT count(*) FROM n";
inline constexpr const char* kHeld = "UPDATE users SET name = 'held' WHERE id = 1";
inline constexpr const char* kBlocked = "UPDATE users SET name = 'blocked' WHERE id = 1";
inline constexpr const char* kMisfit = "SELECT missing FROM users";

/// Which backend a test of the suite runs on.
enum class Kind { Fake, SqliteWal, SqliteDelete, Postgres };

/// What differs between engines by their nature.
struct Words {
  std::string insert, lock_timeout, relation;
  LockMode write_lock;
};

inline Words words_of(Kind kind) {
  if (kind != Kind::Postgres) {
    return {"INSERT INTO users (name) VALUES (?1)", "database is locked", "database", LockMode::ExclusiveLock};
  }
  return {"INSERT INTO users (name) VALUES ($1)", "canceling statement due to lock timeout", "users", LockMode::RowExclusiveLock};
}

/// Where the suite's PostgreSQL server is; set by main().
inline std::string& postgres_uri() {
  static std::string uri;
  return uri;
}

/// The fake is told to behave as the suite's database does; the others do.
inline std::unique_ptr<Backend> make_backend(Kind kind, BackendOptions options = {}) {
  if (kind == Kind::Fake) {
    auto fake = std::make_unique<FakeBackend>(options);
    fake->script({"WITH RECURSIVE n", {}, Duration::seconds(60), -1, {}});
    fake->script({"'blocked'", {ErrorClass::LockTimeout, "", "database is locked"}, Duration::milliseconds(60), -1, {}});
    fake->script({"missing", {ErrorClass::Schema, "", "no such column: missing"}, {}, -1, {}});
    fake->script({"count(*) FROM users", {}, {}, -1, {{std::int64_t{100}}}});
    return fake;
  }
  if (kind == Kind::Postgres) return open_postgres(postgres_uri(), options);
  options.journal = kind == Kind::SqliteWal ? Journal::Wal : Journal::Delete;
  return open_sqlite("", options);
}

}  // namespace midflight::backends
