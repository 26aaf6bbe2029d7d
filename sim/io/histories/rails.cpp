#include "sim/io/histories/framework.h"
#include "sim/io/histories/marked_part.h"
#include "sim/io/histories/names.h"

namespace midflight::io {
namespace {

// Source: Rails' guide, "Active Record Migrations": db/structure.sql is a dump
// of the schema behind all migrations; each migration is one transaction unless
// it says disable_ddl_transaction!.
// Scope:  Rails' migrations are Ruby, which is not read: this framework is for
//         their SQL, under the names they have; where one disables its
//         transaction an option says so.

bool is_structure(const Candidate& file) { return file.name == "structure.sql" || file.name.ends_with("_structure.sql"); }

std::string recognise(const Candidate& file, Plans&) { return is_structure(file) ? file.name + " is Rails' dump of the schema" : ""; }

Place place(const Candidate& file, Plans& plans) {
  Place place = place_by_number(file, plans);
  if (is_structure(file)) place.skipped = "it is a dump of the schema behind all migrations: give it with --schema";
  return place;
}

UpPart up_part(std::string_view, const std::string&) { return {0, std::string_view::npos, Wrapping::OneTransaction, {}}; }

}  // namespace

const Framework kRails = {"rails", Framework::Order::Natural, true, recognise, place, up_part};

}  // namespace midflight::io
