#include "sim/io/histories/framework.h"
#include "sim/io/histories/names.h"

namespace midflight::io {
namespace {

// Files in the order of their names, numbers as numbers, run as psql runs them.

bool is_dump(const Candidate& file) {
  return find_line(file.head.substr(0, 1024), [](std::string_view line) {
           return line.starts_with("-- PostgreSQL database dump");
         }).has_value();
}

/// A pair of files named apart by direction, whatever tool it is.
bool takes_back(const Candidate& file) {
  const std::string name = lower_case(file.name);
  for (const std::string_view end : {".down.sql", "_down.sql", "-down.sql", ".rollback.sql", "_rollback.sql", ".undo.sql"}) {
    if (name.ends_with(end)) return true;
  }
  return name == "down.sql" || name == "rollback.sql";
}

std::string recognise(const Candidate&, Plans&) { return "nothing tells another tool"; }

Place place(const Candidate& file, Plans&) {
  Place place = {"", file.folder, 0, std::string(leading_digits(file.name))};
  if (file.named) return place;
  if (is_dump(file)) place.skipped = "it is a dump of a schema: give it with --schema";
  else if (takes_back(file)) place.skipped = "its name says that it takes a migration back";
  return place;
}

UpPart up_part(std::string_view, const std::string&) { return {}; }

}  // namespace

const Framework kPlain = {"plain", Framework::Order::Natural, false, recognise, place, up_part};

}  // namespace midflight::io
