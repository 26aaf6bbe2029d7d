#include "sim/io/histories/marked_part.h"

#include <fmt/format.h>

#include "sim/io/histories/names.h"

namespace midflight::io {

UpPart marked_part(std::string_view text, const std::string& path, std::string_view tool, std::string_view mark,
                   std::string_view no_transaction) {
  UpPart part;
  part.wrapping = Wrapping::OneTransaction;
  const auto has = [&](std::string_view word) {
    return [wanted = fmt::format("{} {}", mark, word)](std::string_view line) { return behind_mark(line, wanted).has_value(); };
  };
  const auto up = find_line(text, has("Up"));
  if (!up) {
    part.problems.push_back({{path, 1, 1}, fmt::format("{} refuses this file: it has no line `-- {} Up`; all of it is checked", tool, mark)});
    return part;
  }
  part.begin = up->begin;
  const auto down = find_line(text.substr(up->begin), has("Down"));
  if (down) part.end = up->begin + down->begin;
  const bool behind_up = lower_case(up->text).find(lower_case(no_transaction)) != std::string::npos;
  if (behind_up || find_line(text, has(no_transaction))) part.wrapping = Wrapping::EachStatement;
  return part;
}

std::string why_marked(const Candidate& file, std::string_view mark) {
  const std::string up = fmt::format("{} Up", mark);
  const bool marked = find_line(file.head, [&](std::string_view line) { return behind_mark(line, up).has_value(); }).has_value();
  return marked ? fmt::format("{} has a line `-- {}`", file.name, up) : "";
}

Place place_by_number(const Candidate& file, Plans&) { return {"", file.folder, 0, std::string(leading_digits(file.name))}; }

}  // namespace midflight::io
