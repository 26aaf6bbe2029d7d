#pragma once

#include <cstdint>
#include <string>

namespace midflight {

/// The database product whose locking rules hold.
enum class Engine : std::uint8_t { Postgresql, Sqlite };

/// SQLite's journal mode: readers and the writer exclude each other in `Delete` only.
enum class Journal : std::uint8_t { Wal, Delete };

/// A product and its version, as rules and dialects need it.
struct Dialect {
  Engine engine = Engine::Postgresql;
  int version = 15;  ///< PostgreSQL's major version; for SQLite 340 means 3.40
};

}  // namespace midflight
