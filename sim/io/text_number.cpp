#include "sim/io/text_number.h"

#include <fmt/core.h>

#include <cmath>
#include <cstdint>

#include "sim/kernel/count_text.h"

namespace midflight::io {

namespace {

std::string two_units(std::int64_t n, std::int64_t small, const char* big_name, const char* small_name) {
  if (n % small == 0) return fmt::format("{}{}", n / small, big_name);
  return fmt::format("{}{} {}{}", n / small, big_name, n % small, small_name);
}

std::string below_a_minute(double s) {
  if (s < 0.00995) return fmt::format("{:.1f} ms", s * 1e3);
  if (s < 0.9995) return fmt::format("{:.0f} ms", s * 1e3);
  return s < 9.995 ? fmt::format("{:.2f} s", s) : fmt::format("{:.1f} s", s);
}

}  // namespace

std::string human_seconds(double seconds) {
  if (seconds < 0) return fmt::format("-{}", human_seconds(-seconds));
  if (std::isinf(seconds)) return "endless";
  if (seconds < 0.00005) return "0 s";
  if (seconds < 59.95) return below_a_minute(seconds);
  if (seconds < 3599.5) return two_units(std::llround(seconds), 60, "min", "s");
  if (seconds < 86370) return two_units(std::llround(seconds / 60), 60, "h", "min");
  return two_units(std::llround(seconds / 3600), 24, "d", "h");
}

std::string human_moment(double seconds, bool tenths) {
  if (std::abs(seconds) < 59.95) return human_seconds(seconds);
  const std::int64_t unit = tenths ? 10 : 1;
  std::int64_t rest = std::llround(seconds * static_cast<double>(unit));
  std::string text;
  for (const auto& [name, length] : {std::pair{"d", 86400}, {"h", 3600}, {"min", 60}}) {
    const std::int64_t some = rest / (length * unit);
    if (some > 0) text += fmt::format("{}{} ", some, name);
    rest -= some * length * unit;
  }
  if (tenths) return text + fmt::format("{}.{}s", rest / 10, rest % 10);
  if (rest == 0) text.pop_back();
  return rest == 0 ? text : text + fmt::format("{}s", rest);
}

std::string human_count(double count) {
  if (count < 0) return fmt::format("-{}", human_count(-count));
  if (count < 9.95 && count != std::floor(count)) return fmt::format("{:.1f}", count);
  if (count < 999'999.5) return count_text(std::llround(count));
  if (count < 999.95e6) return fmt::format("{:.1f} M", count / 1e6);
  return fmt::format("{:.1f} G", count / 1e9);
}

std::string human_quantity(std::string_view name, double value) {
  const bool seconds = name.size() > 2 && name.substr(name.size() - 2) == "_s";
  return seconds ? human_seconds(value) : human_count(value);
}

std::string counted(double count, std::string_view noun) {
  return fmt::format("{} {}{}", human_count(count), noun, count == 1 ? "" : "s");
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) width += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  return width;
}

std::string padded(std::string_view text, std::size_t width, bool right) {
  const std::size_t have = display_width(text);
  const std::string space(have < width ? width - have : 0, ' ');
  return right ? space + std::string(text) : std::string(text) + space;
}

}  // namespace midflight::io
