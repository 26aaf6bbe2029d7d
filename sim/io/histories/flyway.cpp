#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "sim/io/histories/framework.h"
#include "sim/io/histories/names.h"

namespace midflight::io {
namespace {

// Source: Flyway's documentation, "Migrations" (names, order, repeatable ones
// last), "Script Config Files" and "executeInTransaction", "mixed".
// Scope:  prefixes and separators as they are by default; settings of the whole
//         project are not read; callbacks (afterMigrate.sql) are left out.

struct Name {
  char prefix = ' ';        ///< V, U, B or R; blank for anything else
  std::string version;      ///< "1.2" of V1_2__a.sql; the description of R__a.sql
};

Name name_of(const std::string& file) {
  const std::size_t separator = file.find("__");
  if (separator == std::string::npos || file.empty()) return {};
  std::string version = file.substr(1, separator - 1);
  std::replace(version.begin(), version.end(), '_', '.');
  if (file[0] == 'R') return version.empty() ? Name{'R', file.substr(separator + 2)} : Name{};
  const bool numbered = !version.empty() && version.find_first_not_of("0123456789.") == std::string::npos;
  return numbered && std::string_view("VUB").find(file[0]) != std::string_view::npos ? Name{file[0], version} : Name{};
}

std::string recognise(const Candidate& file, Plans&) {
  const Name name = name_of(file.name);
  return name.prefix == ' ' ? "" : fmt::format("{} is named like V1__name.sql", file.name);
}

Place place(const Candidate& file, Plans&) {
  const Name name = name_of(file.name);
  Place place = {"", file.root, name.prefix == 'R' ? 1 : 0, name.version};
  if (name.prefix == 'U') place.skipped = "it undoes a migration";
  else if (name.prefix == 'B') place.skipped = "it is a baseline, which stands for the migrations before it in an empty database";
  else if (name.prefix == ' ') place.skipped = "Flyway runs V1__name.sql and R__name.sql alone";
  return place;
}

/// The script's own setting, in a file beside it.
bool turns_transaction_off(const std::string& path) {
  std::ifstream settings(path + ".conf");
  for (std::string line; std::getline(settings, line);) {
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos || trimmed(line.substr(0, equals)) != "executeInTransaction") continue;
    return lower_case(trimmed(line.substr(equals + 1))) == "false";
  }
  return false;
}

UpPart up_part(std::string_view, const std::string& path) {
  const Wrapping wrapping = turns_transaction_off(path) ? Wrapping::EachStatement : Wrapping::UnlessRefused;
  return {0, std::string_view::npos, wrapping, {}};
}

}  // namespace

const Framework kFlyway = {"flyway", Framework::Order::Natural, true, recognise, place, up_part};

}  // namespace midflight::io
