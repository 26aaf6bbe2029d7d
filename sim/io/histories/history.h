#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/error.h"
#include "sim/model/migration.h"

namespace midflight::io {

struct Framework;

/// A script that has its place in a history and is not read yet.
struct MigrationFile {
  std::string path;                   ///< "-" for standard input
  std::string version;                ///< by which it was put there; empty without one
  const Framework* framework = nullptr;
  std::optional<std::string> bytes;   ///< of what can be read only once: standard input, pipes
};

struct HistoryOptions {
  std::string framework;              ///< a name of framework_names(); empty: recognised by names and contents
  std::optional<Wrapping> wrapping;   ///< instead of what the framework does
};

/// The migrations that paths stand for, in the order in which they would run.
struct History {
  std::vector<MigrationFile> files;
  std::vector<std::string> recognised;  ///< "db/migrations: dbmate, because 1_a.sql has a line `-- migrate:up`"
  std::vector<Problem> problems;        ///< what is missing, unreadable or there twice: all else is in `files`
  std::vector<Problem> skipped;         ///< files that are not run when the schema moves forward, and why
  std::optional<Wrapping> wrapping;     ///< as asked for
};

/// Finds migrations: `paths` are files, folders (searched in depth for .sql),
/// patterns (*, ?, [ab], **) or "-" for standard input.
///
/// Files are put in the order of their framework, folder by folder.  Files that
/// are named one by one and carry no version stay in the order they are given.
/// Reads at most the first 16 KB of each file.
/// Errors: Error(BadInput) for a framework that is not known; nothing else is thrown.
History find_migrations(const std::vector<std::string>& paths, const HistoryOptions& options = {});

/// Reads one of the files and takes its up part.
/// Errors: Error(BadInput) when it cannot be read or is larger than 64 MB.
Migration read_migration(const MigrationFile& file, const History& history);

/// "flyway", "dbmate", ...: in the order in which they are tried.
std::vector<std::string_view> framework_names();

}  // namespace midflight::io
