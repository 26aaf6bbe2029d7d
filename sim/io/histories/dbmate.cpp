#include <fmt/format.h>

#include "sim/io/histories/framework.h"
#include "sim/io/histories/names.h"

namespace midflight::io {
namespace {

// Source: dbmate's README, "Creating Migrations" and "Migration Options", and
// its pkg/dbmate/migration.go: the marks begin their lines; files run in the
// byte order of their names; without a transaction the part is still sent as
// one string.

bool is_up(std::string_view line) { return behind_mark(line, "migrate:up").has_value(); }
bool is_down(std::string_view line) { return behind_mark(line, "migrate:down").has_value(); }
bool is_code(std::string_view line) { return !trimmed(line).empty() && !trimmed(line).starts_with("--"); }

std::string recognise(const Candidate& file, Plans&) {
  return find_line(file.head, is_up) ? fmt::format("{} has a line `-- migrate:up`", file.name) : "";
}

Place place(const Candidate& file, Plans&) { return {"", file.folder, 0, file.name}; }

UpPart up_part(std::string_view text, const std::string& path) {
  UpPart part;
  part.wrapping = Wrapping::OneTransaction;
  const auto up = find_line(text, is_up), down = find_line(text, is_down);
  if (!up) {
    part.problems.push_back({{path, 1, 1}, "dbmate refuses this file: it has no line `-- migrate:up`; all of it is checked"});
    return part;
  }
  if (const auto code = find_line(text.substr(0, up->begin), is_code)) {
    part.problems.push_back({{path, code->number, 1}, "dbmate refuses statements before `-- migrate:up`; they are left out"});
  }
  part.begin = up->begin;
  if (down && down->begin > up->begin) part.end = down->begin;
  if (down && down->begin < up->begin) {
    part.problems.push_back({{path, down->number, 1}, "dbmate refuses `-- migrate:down` before `-- migrate:up`"});
  }
  const std::string options = " " + std::string(*behind_mark(up->text, "migrate:up")) + " ";
  if (options.find(" transaction:false ") != std::string::npos) part.wrapping = Wrapping::Implicit;
  return part;
}

}  // namespace

const Framework kDbmate = {"dbmate", Framework::Order::Bytes, false, recognise, place, up_part};

}  // namespace midflight::io
