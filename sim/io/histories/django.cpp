#include <fmt/format.h>

#include <array>

#include "sim/io/histories/framework.h"
#include "sim/io/histories/marked_part.h"
#include "sim/io/histories/names.h"

namespace midflight::io {
namespace {

// Source: the output of `django-admin sqlmigrate`: every operation under its
// description between two lines `--`, BEGIN and COMMIT written out unless the
// migration is not atomic.

constexpr std::array kOperations = std::to_array<std::string_view>(
    {"Create model", "Delete model", "Rename model", "Add field", "Alter field", "Remove field", "Rename field",
     "Create index", "Remove index", "Rename index", "Create constraint", "Remove constraint", "Alter constraint",
     "Alter unique_together", "Alter index_together", "Concurrently create index", "Concurrently remove index",
     "Raw SQL operation", "Raw Python operation", "Custom state/database change combination", "Change Meta options",
     "Creates extension", "Validate constraint"});

/// The first description: "-- Alter field name on user" below a line "--".
std::optional<Line> first_operation(std::string_view text) {
  bool below_mark = false;
  return find_line(text, [&](std::string_view line) {
    bool is_operation = false;
    for (const std::string_view operation : kOperations) is_operation = is_operation || behind_mark(line, operation).has_value();
    is_operation = is_operation && below_mark;
    below_mark = trimmed(line) == "--";
    return is_operation;
  });
}

std::string recognise(const Candidate& file, Plans&) {
  const auto line = first_operation(file.head);
  return line ? fmt::format("{} has a line `{}`, as sqlmigrate writes it", file.name, line->text) : "";
}

UpPart up_part(std::string_view text, const std::string& path) {
  UpPart part;
  const auto python = find_line(text, [](std::string_view line) { return line.find("CANNOT BE WRITTEN AS SQL") != std::string_view::npos; });
  if (python) {
    part.problems.push_back({{path, python->number, 1}, "Django runs Python code here: what it does is not known"});
  }
  return part;
}

}  // namespace

const Framework kDjango = {"django", Framework::Order::Natural, false, recognise, place_by_number, up_part};

}  // namespace midflight::io
