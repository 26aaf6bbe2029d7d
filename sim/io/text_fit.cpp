#include "sim/io/text_fit.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "sim/io/text_number.h"

namespace midflight::io {
namespace {

constexpr std::size_t kPage = 100;
constexpr std::size_t kWordsLeast = 8;

std::vector<std::size_t> widths_of(const Table& table) {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    std::size_t width = std::max(display_width(table.columns[c].title), display_width(table.columns[c].note));
    for (const auto& row : table.rows) width = std::max(width, c < row.size() ? display_width(row[c]) : 0);
    widths.push_back(width);
  }
  return widths;
}

std::size_t total_width(const Table& table, std::size_t gap) {
  std::size_t total = 0;
  for (const std::size_t width : widths_of(table)) total += width + gap;
  return total - std::min(total, gap);
}

/// A number and the unit behind it, if nothing else is there: "40.1 s", "7d", "3.0 M".
struct Part {
  double number = 0;
  std::string_view unit;
};

std::optional<Part> part_of(std::string_view text) {
  Part part;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), part.number);
  if (read.ec != std::errc{}) return std::nullopt;
  part.unit = text.substr(static_cast<std::size_t>(read.ptr - text.data()));
  if (part.unit.starts_with(' ')) part.unit.remove_prefix(1);
  constexpr std::array kUnits = {"ms", "s", "min", "h", "d", "M", "G"};
  if (std::find(kUnits.begin(), kUnits.end(), part.unit) == kUnits.end()) return std::nullopt;
  return part;
}

struct LongTime {
  std::string_view unit, next;
  double of_next;
};
constexpr std::array kLongTimes = {LongTime{"d", "h", 24}, LongTime{"h", "min", 60}, LongTime{"min", "s", 60}};

/// "7.4d" of "7d 10h"; anything else as it is.
std::string in_one_unit(const std::string& cell) {
  const std::size_t space = cell.find(' ');
  if (space == std::string::npos) return cell;
  const auto whole = part_of(std::string_view(cell).substr(0, space)), rest = part_of(std::string_view(cell).substr(space + 1));
  if (!whole || !rest) return cell;
  for (const LongTime& time : kLongTimes) {
    if (whole->unit == time.unit && rest->unit == time.next) return fmt::format("{:.1f}{}", whole->number + rest->number / time.of_next, time.unit);
  }
  return cell;
}

/// "40.1s" of "40.1 s", "7d10h" of "7d 10h"; anything else as it is.
std::string without_space(const std::string& cell) {
  if (!part_of(cell) && in_one_unit(cell) == cell) return cell;
  std::string out = cell;
  std::erase(out, ' ');
  return out;
}

void rewrite_numbers(Table& table, std::string (*rewritten)(const std::string&)) {
  for (auto& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (table.columns[c].number) row[c] = rewritten(row[c]);
    }
  }
}

std::string cut(const std::string& text, std::size_t width) {
  if (display_width(text) <= width) return text;
  std::string out;
  for (const char c : text) {
    const bool starts = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    if (starts && display_width(out) == width - 3) break;
    out += c;
  }
  return out + "...";
}

void cut_words(Table& table, std::size_t column, std::size_t gap) {
  const std::size_t have = widths_of(table)[column], over = total_width(table, gap) - kPage;
  const std::size_t width = std::max(kWordsLeast, have - std::min(have, over));
  for (auto& row : table.rows) {
    if (column < row.size()) row[column] = cut(row[column], width);
  }
}

}  // namespace

FittedTable fitted(Table table) {
  const std::size_t gap = total_width(table, 2) <= kPage ? 2 : 1;
  const bool numbers_last = !table.columns.empty() && table.columns.back().number;
  const auto too_wide = [&](const Table& t) { return total_width(t, gap) > kPage; };
  if (numbers_last && too_wide(table)) {
    Table closer = table;
    rewrite_numbers(closer, without_space);
    if (too_wide(closer)) rewrite_numbers(table, in_one_unit);
    rewrite_numbers(table, without_space);
  }
  if (too_wide(table)) cut_words(table, numbers_last ? 0 : table.columns.size() - 1, gap);
  std::vector<std::size_t> widths = widths_of(table);
  return {std::move(table), std::move(widths), gap};
}

}  // namespace midflight::io
