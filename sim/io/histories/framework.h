#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/io/histories/history.h"

namespace midflight::io {

/// A file that may be a migration.
struct Candidate {
  std::string path, folder, name;   ///< "db/1_a.sql", "db", "1_a.sql"
  std::string root;                 ///< the folder whose search found it; empty when it was named itself
  std::string head;                 ///< its first 16 KB as UTF-8
  bool named = false;               ///< given by its own path: it is never left out in silence
};

/// Where a framework puts a file.
struct Place {
  std::string skipped;       ///< why it is not run when the schema moves forward; empty: it is
  std::string home;          ///< the folder in which versions are compared; empty: all files form one history
  int group = 0;             ///< lower groups run first
  std::string version;       ///< empty: it has none
};

/// Plans that one search has read: by the folder of the plan, the places of its
/// scripts by their names.
using Plan = std::map<std::string, std::size_t>;
using Plans = std::map<std::string, Plan>;

/// The part of a text that is run.
struct UpPart {
  std::size_t begin = 0, end = std::string_view::npos;
  Wrapping wrapping = Wrapping::EachStatement;
  std::vector<Problem> problems;
};

/// What is known of one migration tool: one file and one line of the list.
struct Framework {
  enum class Order : std::uint8_t { Natural, Bytes };  ///< 2 before 10, or "10" before "2"

  std::string_view name;
  Order order = Order::Natural;
  bool versions_are_unique = false;
  /// Why a file is one of its own ("its name is V1__a.sql"); empty when it is not.
  std::string (*recognise)(const Candidate& file, Plans& plans);
  Place (*place)(const Candidate& file, Plans& plans);
  UpPart (*up_part)(std::string_view text, const std::string& path);
};

/// In the order in which they are tried; the last takes every file.
const std::vector<const Framework*>& frameworks();

// One file each.
extern const Framework kFlyway, kDbmate, kGoose, kSqlMigrate, kGolangMigrate, kSqitch, kPrisma, kDiesel, kDjango, kRails, kPlain;

}  // namespace midflight::io
