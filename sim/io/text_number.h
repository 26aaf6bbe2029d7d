#pragma once

#include <string>
#include <string_view>

namespace midflight::io {

/// Numbers for people: three digits are enough, the unit is always said.

/// "0 s", "3.2 ms", "480 ms", "4.21 s", "12.4 s", "2min 5s", "1h 3min", "2d 4h"; infinite: "endless".
std::string human_seconds(double seconds);

/// A moment, to the second beyond a minute: "1h 38min 12s"; with tenths
/// "1h 38min 12.4s".
std::string human_moment(double seconds, bool tenths);

/// "0", "0.4", "9,300", "93,400", "3.0 M", "1.2 G".
std::string human_count(double count);

/// A quantity by its name: seconds where it ends in _s, else a count.
std::string human_quantity(std::string_view name, double value);

/// "1 request", "9,300 requests".
std::string counted(double count, std::string_view noun);

/// Terminal columns a UTF-8 text takes, when none of its characters is wide.
std::size_t display_width(std::string_view text);

/// The text with spaces up to a width; `right` aligns numbers.
std::string padded(std::string_view text, std::size_t width, bool right = false);

}  // namespace midflight::io
