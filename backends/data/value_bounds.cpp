#include "backends/data/value_bounds.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "backends/data/words.h"
#include "sim/model/sql_text.h"

namespace midflight::backends {
namespace {

using Kind = ValueKind;

constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kOpenNumbers = 1'000'000'000, kOpenDays = 365;  // how far a range goes that has no end

std::int64_t days_of(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  return std::chrono::sys_days{date}.time_since_epoch().count();
}

std::string day_text(std::int64_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
  return text.data();
}

std::string second_text(std::int64_t seconds, bool zoned) {
  const std::int64_t days = seconds >= 0 ? seconds / kDaySeconds : -((-seconds + kDaySeconds - 1) / kDaySeconds);
  const std::int64_t rest = seconds - days * kDaySeconds;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), " %02d:%02d:%02d%s", static_cast<int>(rest / 3600), static_cast<int>(rest / 60 % 60),
                static_cast<int>(rest % 60), zoned ? "+00" : "");
  return day_text(days) + text.data();
}

/// "+02", "-03:30" or "Z" at the end of a time, in seconds east.
std::optional<std::int64_t> offset_of(std::string_view rest) {
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == '.' || (rest.front() >= '0' && rest.front() <= '9'))) rest.remove_prefix(1);
  if (rest == "Z" || rest == "z" || rest == "UTC") return 0;
  int hours = 0, minutes = 0;
  if (rest.empty() || (rest.front() != '+' && rest.front() != '-')) return {};
  if (std::sscanf(std::string(rest.substr(1)).c_str(), "%2d:%2d", &hours, &minutes) < 1) return {};
  return (rest.front() == '-' ? -1 : 1) * (hours * 3600LL + minutes * 60LL);
}

std::optional<std::int64_t> time_number(const std::string& literal, const ColumnType& type, bool& zoned) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, read = 0;
  if (std::sscanf(literal.c_str(), "%d-%d-%d%n", &year, &month, &day, &read) < 3) return {};
  const std::int64_t days = days_of(year, month, day);
  if (type.kind == Kind::Date) return days;
  int more = 0;
  std::size_t at = static_cast<std::size_t>(read);
  if (std::sscanf(literal.c_str() + at, "%*1[ T]%2d:%2d%n", &hour, &minute, &more) >= 2) at += static_cast<std::size_t>(more);
  more = 0;
  if (std::sscanf(literal.c_str() + at, ":%2d%n", &second, &more) >= 1) at += static_cast<std::size_t>(more);
  std::int64_t seconds = days * kDaySeconds + hour * 3600LL + minute * 60LL + second;
  const auto offset = type.zoned ? offset_of(std::string_view(literal).substr(at)) : std::nullopt;
  if (offset) zoned = true, seconds -= *offset;
  return seconds;
}

/// What the tokens of one entry say: its first literal, casts aside.
BoundDatum datum_of(const std::vector<SqlToken>& tokens, std::size_t from, std::size_t end) {
  std::string sign;
  for (std::size_t i = from; i < end; ++i) {
    const SqlToken& t = tokens[i];
    if (t.text == "-") sign = "-";
    if (t.kind == SqlTokenKind::Number) return {BoundDatum::Kind::Number, sign + std::string(t.text)};
    if (t.kind == SqlTokenKind::String) return {BoundDatum::Kind::Literal, literal_text(t.text)};
    if (is_word(t, "minvalue")) return {BoundDatum::Kind::Minimum};
    if (is_word(t, "maxvalue")) return {BoundDatum::Kind::Maximum};
    if (is_word(t, "null")) return {BoundDatum::Kind::Null};
    if (t.kind == SqlTokenKind::Word) return {BoundDatum::Kind::Literal, token_name(t)};
  }
  return {BoundDatum::Kind::Null};
}

}  // namespace

ValueBounds ValueBounds::within(const ValueBounds& outer) const {
  if (!literals.empty()) return *this;
  ValueBounds both = outer.literals.empty() ? *this : outer;
  if (outer.low) both.low = std::max(both.low.value_or(*outer.low), *outer.low);
  if (outer.high) both.high = std::min(both.high.value_or(*outer.high), *outer.high);
  return both;
}

std::int64_t ValueBounds::end() const {
  if (high) return *high;
  const std::int64_t reach = counts() ? kOpenNumbers : type.kind == Kind::Date ? kOpenDays : kOpenDays * kDaySeconds;
  const std::int64_t most = counts() && type.most < ColumnType{}.most ? type.most + 1 : ColumnType{}.most;
  return low.value_or(0) > most - reach ? most : low.value_or(0) + reach;
}

std::int64_t ValueBounds::first() const {
  if (low) return *low;
  if (counts()) return end() > 1 ? std::max<std::int64_t>(1, end() - kOpenNumbers) : end() - kOpenNumbers;
  return end() - (type.kind == Kind::Date ? kOpenDays : kOpenDays * kDaySeconds);
}

std::int64_t ValueBounds::room() const {
  return literals.empty() ? std::max<std::int64_t>(1, end() - first()) : static_cast<std::int64_t>(literals.size());
}

Value ValueBounds::value(std::int64_t n, std::int64_t rows) const {
  if (!literals.empty()) return literals[static_cast<std::size_t>(n) % literals.size()];
  const std::int64_t step = counts() || rows <= 0 ? 1 : std::max<std::int64_t>(1, room() / rows);
  const std::int64_t number = first() + n % std::max<std::int64_t>(1, room() / step) * step;
  if (type.kind == Kind::Real) return static_cast<double>(number);
  if (type.kind == Kind::Integer) return number;
  return type.kind == Kind::Date ? day_text(number) : second_text(number, zoned);
}

std::optional<std::int64_t> bound_number(const std::string& literal, const ColumnType& type, bool& zoned) {
  if (type.kind == Kind::Date || type.kind == Kind::Timestamp) return time_number(literal, type, zoned);
  if (type.kind != Kind::Integer && type.kind != Kind::Real) return {};
  char* end = nullptr;
  const double number = std::ceil(std::strtod(literal.c_str(), &end));
  if (literal.empty() || *end != '\0') return {};
  return std::fabs(number) < 9e15 ? static_cast<std::int64_t>(number) : std::strtoll(literal.c_str(), nullptr, 10);
}

std::vector<BoundDatum> bound_data(const std::string& bound, std::string_view word) {
  const std::vector<SqlToken> tokens = sql_tokens(bound);
  std::size_t i = 0;
  while (i < tokens.size() && !is_word(tokens[i], word)) ++i;
  std::vector<BoundDatum> data;
  int depth = 0;
  std::size_t from = i + 2;
  for (++i; i < tokens.size(); ++i) {
    depth += tokens[i].text == "(" ? 1 : tokens[i].text == ")" ? -1 : 0;
    if (depth > 1 || (depth == 1 && tokens[i].text != ",")) continue;
    data.push_back(datum_of(tokens, from, i));
    from = i + 1;
    if (depth == 0) break;
  }
  return data;
}

}  // namespace midflight::backends
