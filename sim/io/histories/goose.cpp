#include "sim/io/histories/marked_part.h"

namespace midflight::io {
namespace {

// Source: goose's documentation, "SQL file annotations": marks begin their
// lines, in any case; statements are sent one by one.
// Scope:  StatementBegin and StatementEnd are comments here: statements end
//         where PostgreSQL ends them.  ENVSUB's ${...} is not filled in.

std::string recognise(const Candidate& file, Plans&) { return why_marked(file, "+goose"); }

UpPart up_part(std::string_view text, const std::string& path) {
  return marked_part(text, path, "goose", "+goose", "NO TRANSACTION");
}

}  // namespace

const Framework kGoose = {"goose", Framework::Order::Natural, true, recognise, place_by_number, up_part};

}  // namespace midflight::io
