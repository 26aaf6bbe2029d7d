#include <fmt/format.h>

#include <filesystem>

#include "sim/io/histories/framework.h"
#include "sim/io/histories/names.h"

namespace midflight::io {
namespace {

// Source: Prisma's documentation, "Prisma Migrate" (migrations/TIMESTAMP_name/
// migration.sql, in the order of the folders' names); its schema engine sends a
// file as one string, so that several statements are one transaction.

std::string folder_name(const Candidate& file) { return std::filesystem::path(file.folder).filename().string(); }

std::string recognise(const Candidate& file, Plans&) {
  const std::string folder = folder_name(file);
  const bool named = file.name == "migration.sql" && !leading_digits(folder).empty();
  return named ? fmt::format("{}/{} is named like TIMESTAMP_name/migration.sql", folder, file.name) : "";
}

Place place(const Candidate& file, Plans&) {
  Place place = {"", std::filesystem::path(file.folder).parent_path().string(), 0, folder_name(file)};
  if (file.name != "migration.sql") place.skipped = "Prisma runs migration.sql of each folder alone";
  return place;
}

UpPart up_part(std::string_view, const std::string&) { return {0, std::string_view::npos, Wrapping::Implicit, {}}; }

}  // namespace

const Framework kPrisma = {"prisma", Framework::Order::Bytes, false, recognise, place, up_part};

}  // namespace midflight::io
