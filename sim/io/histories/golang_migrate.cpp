#include <fmt/format.h>

#include "sim/io/histories/framework.h"
#include "sim/io/histories/names.h"

namespace midflight::io {
namespace {

// Source: golang-migrate's source/parse.go (123_name.up.sql) and the README of
// its postgres driver: a file is sent as one string, which PostgreSQL runs as
// one transaction.
// Scope:  x-multi-statement and x-use-transaction are said by an option.

bool names(const Candidate& file, std::string_view direction) {
  const std::string name = lower_case(file.name);
  return !leading_digits(name).empty() && name.find(fmt::format(".{}.", direction)) != std::string::npos;
}

std::string recognise(const Candidate& file, Plans&) {
  return names(file, "up") || names(file, "down") ? fmt::format("{} is named like NUMBER_name.up.sql", file.name) : "";
}

Place place(const Candidate& file, Plans&) {
  Place place = {"", file.folder, 0, std::string(leading_digits(file.name))};
  if (names(file, "down")) place.skipped = "it takes a migration back";
  else if (!names(file, "up")) place.skipped = "golang-migrate runs NUMBER_name.up.sql alone";
  return place;
}

UpPart up_part(std::string_view, const std::string&) { return {0, std::string_view::npos, Wrapping::Implicit, {}}; }

}  // namespace

const Framework kGolangMigrate = {"golang-migrate", Framework::Order::Natural, true, recognise, place, up_part};

}  // namespace midflight::io
