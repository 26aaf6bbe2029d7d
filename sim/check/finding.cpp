#include "sim/check/finding.h"

#include <array>

namespace midflight::check {

std::string_view severity_name(Severity severity) {
  constexpr std::array<std::string_view, 3> names = {"note", "caution", "danger"};
  return names[static_cast<std::size_t>(severity)];
}

bool same_place(const Span& a, const Span& b) { return a.begin.line == b.begin.line && a.begin.column == b.begin.column; }

}  // namespace midflight::check
