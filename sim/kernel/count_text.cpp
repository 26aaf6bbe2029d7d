#include "sim/kernel/count_text.h"

namespace midflight {

std::string count_text(std::int64_t count) {
  std::string digits = std::to_string(count);
  const std::size_t first = digits.front() == '-' ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string count_text(std::int64_t count, std::string_view noun) {
  return count_text(count).append(" ").append(noun).append(count == 1 ? "" : "s");
}

}  // namespace midflight
