#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "sim/io/histories/framework.h"
#include "sim/io/histories/names.h"

namespace midflight::io {
namespace {

// Source: Diesel's guide, "Getting Started" (migrations/VERSION_name/up.sql and
// down.sql), and the documentation of diesel_migrations: one transaction each,
// unless metadata.toml beside it says run_in_transaction = false.

std::string folder_name(const Candidate& file) { return std::filesystem::path(file.folder).filename().string(); }

std::string recognise(const Candidate& file, Plans&) {
  const bool named = (file.name == "up.sql" || file.name == "down.sql") && !leading_digits(folder_name(file)).empty();
  return named ? fmt::format("{}/{} is named like VERSION_name/up.sql", folder_name(file), file.name) : "";
}

Place place(const Candidate& file, Plans&) {
  Place place = {"", std::filesystem::path(file.folder).parent_path().string(), 0, folder_name(file)};
  if (file.name == "down.sql") place.skipped = "it takes a migration back";
  else if (file.name != "up.sql") place.skipped = "Diesel runs up.sql of each folder alone";
  return place;
}

bool turns_transaction_off(const std::string& path) {
  std::ifstream settings(std::filesystem::path(path).parent_path() / "metadata.toml");
  for (std::string line; std::getline(settings, line);) {
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos || trimmed(line.substr(0, equals)) != "run_in_transaction") continue;
    return trimmed(line.substr(equals + 1)).starts_with("false");
  }
  return false;
}

UpPart up_part(std::string_view, const std::string& path) {
  const Wrapping wrapping = turns_transaction_off(path) ? Wrapping::Implicit : Wrapping::OneTransaction;
  return {0, std::string_view::npos, wrapping, {}};
}

}  // namespace

const Framework kDiesel = {"diesel", Framework::Order::Bytes, false, recognise, place, up_part};

}  // namespace midflight::io
