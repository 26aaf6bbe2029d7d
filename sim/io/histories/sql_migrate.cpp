#include "sim/io/histories/marked_part.h"

namespace midflight::io {
namespace {

// Source: sql-migrate's README, "Writing migrations", and its
// sqlparse/sqlparse.go: statements are sent one by one.

std::string recognise(const Candidate& file, Plans&) { return why_marked(file, "+migrate"); }

UpPart up_part(std::string_view text, const std::string& path) {
  return marked_part(text, path, "sql-migrate", "+migrate", "notransaction");
}

}  // namespace

const Framework kSqlMigrate = {"sql-migrate", Framework::Order::Natural, false, recognise, place_by_number, up_part};

}  // namespace midflight::io
