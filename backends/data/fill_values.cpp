#include "backends/data/fill_values.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>

namespace midflight::backends {
namespace {

using Kind = ValueKind;

constexpr std::int64_t kFreshBase = 1'000'000'000;  // past every generated row
constexpr std::int64_t kLongText = 10;              // as many digits tell all rows apart
constexpr std::int64_t kBelowZero = 1'000'000;      // values there are under a bound below 0

template <class... Arguments>
std::string print(const char* format, Arguments... arguments) {
  std::array<char, 64> buffer;
  const int n = std::snprintf(buffer.data(), buffer.size(), format, arguments...);
  return {buffer.data(), static_cast<std::size_t>(n)};
}

bool is_number(Kind kind) { return kind == Kind::Integer || kind == Kind::Real; }

std::int64_t power_of_ten(std::int64_t digits) {
  std::int64_t power = 1;
  for (std::int64_t i = 0; i < std::min<std::int64_t>(digits, 18); ++i) power *= 10;
  return power;
}

/// The same day or time comes again after so many rows.
std::int64_t period(Kind kind) {
  switch (kind) {
    case Kind::Boolean: return 2;
    case Kind::Date: return 336LL * 100;
    case Kind::Timestamp: return 2'419'200LL * 12;
    case Kind::Time: return 86'400;
    case Kind::Address: return 1LL << 24;
    case Kind::Fixed: case Kind::Array: return 1;
    default: return ColumnType{}.most;
  }
}

}  // namespace

ColumnFill::ColumnFill(const Column& column, const Table& table, const Schema& schema)
    : name_(column.name), type_(column_type(column.type, schema)), not_null_(column.not_null), rows_(table.rows) {
  read_checks(table);
  text_bytes_ = std::min(text_bytes_, type_.text_limit);
}

void ColumnFill::read_checks(const Table& table) {
  std::vector<Constraint> checks = type_.checks;
  for (const Constraint& check : table.constraints) {
    if (check.kind == ConstraintKind::Check && check.columns == std::vector<std::string>{name_}) checks.push_back(check);
  }
  checks_ = value_checks(checks, kind());
  if (kind() == Kind::Text && checks_.high) type_.text_limit = std::clamp<std::int64_t>(*checks_.high, 1, type_.text_limit);
  if (!is_number(kind())) return;
  bounded_ = checks_.high.has_value();
  last_ = bounded_ ? std::min(*checks_.high, type_.most) : type_.most;
  first_ = checks_.low.value_or(last_ < 0 ? last_ - kBelowZero : 0);
  if (!bounded_) first_ = std::max<std::int64_t>(first_, 0);
  last_ = std::max(first_, last_);
}

bool ColumnFill::tells_rows_apart() const {
  if (kind() == Kind::Text) return type_.labels.empty() && checks_.literals.empty() && bands_.empty() && (checks_.digits == 0 || room() > kFreshBase + kSerials);
  return kind() == Kind::Integer && bands_.empty() && (!parent_.empty() || (!bounded_ && last_ - first_ > kFreshBase + kSerials));
}

std::int64_t ColumnFill::room() const {
  if (!parent_.empty()) return parent_rows_ == 0 ? ColumnType{}.most : std::min(parent_rows_, parent_.front().room());
  if (!bands_.empty()) return ColumnType{}.most;
  if (is_number(kind())) return last_ - first_ == ColumnType{}.most ? last_ : last_ - first_ + 1;
  if (kind() == Kind::Unknown && not_null_) return power_of_ten(kLongText);
  if (kind() != Kind::Text) return period(kind());
  if (!type_.labels.empty()) return static_cast<std::int64_t>(type_.labels.size());
  if (!checks_.literals.empty()) return static_cast<std::int64_t>(checks_.literals.size());
  if (checks_.digits > 0) return 9 * power_of_ten(checks_.digits - 1);
  return type_.text_limit >= kLongText ? ColumnType{}.most : power_of_ten(type_.text_limit);
}

void ColumnFill::refers_to(const ColumnFill& parent, std::int64_t parent_rows) {
  parent_ = {parent};
  parent_rows_ = parent_rows;
}

void ColumnFill::pad_to(std::int64_t text_bytes) { text_bytes_ = std::min(text_bytes, type_.text_limit); }

void ColumnFill::keep_within(const std::vector<PartitionSlice>& slices) {
  bands_.clear();
  for (const PartitionSlice& slice : slices) {
    const auto found = slice.bounds.find(name_);
    if (found != slice.bounds.end()) bands_.push_back({slice.first, slice.rows, found->second});
  }
  if (bands_.size() < slices.size()) bands_.clear();  // some part of the table goes by something else
}

std::string ColumnFill::text(std::int64_t number) const {
  if (checks_.shaped) {
    const std::int64_t least = checks_.digits > 0 ? power_of_ten(checks_.digits - 1) : 0;
    return checks_.prefix + std::to_string(checks_.digits > 0 ? least + number % (9 * least) : number) + checks_.suffix;
  }
  std::string out = print("%c%lld", name_.empty() ? 'x' : name_[0], static_cast<long long>(number));
  if (static_cast<std::int64_t>(out.size()) > type_.text_limit) out = out.substr(out.size() - static_cast<std::size_t>(type_.text_limit));
  if (static_cast<std::int64_t>(out.size()) < text_bytes_) out.resize(static_cast<std::size_t>(text_bytes_), '.');
  return out;
}

Value ColumnFill::words(std::int64_t n) const {
  const std::vector<std::string>& some = checks_.literals.empty() ? type_.labels : checks_.literals;
  return some.empty() ? text(n) : some[static_cast<std::size_t>(n) % some.size()];
}

Value ColumnFill::whole(std::int64_t n) const {
  const bool fits = !bounded_ && n <= last_ - first_;
  const std::int64_t number = fits ? first_ + n : first_ + n % (last_ - first_ + 1);
  return kind() == Kind::Real ? Value(static_cast<double>(number)) : Value(number);
}

Value ColumnFill::plain(std::int64_t n) const {
  const long long number = n;
  switch (kind()) {
    case Kind::Integer: case Kind::Real: return whole(n);
    case Kind::Boolean: return n % 2;
    case Kind::Timestamp:
      return print("2020-%02lld-%02lld %02lld:%02lld:%02lld.%06lld", number / 2'419'200 % 12 + 1, number / 86'400 % 28 + 1,
                   number / 3600 % 24, number / 60 % 60, number % 60, number % 1'000'000);
    case Kind::Date: return print("%04lld-%02lld-%02lld", 2000 + number / 336 % 100, number / 28 % 12 + 1, number % 28 + 1);
    case Kind::Time: return print("%02lld:%02lld:%02lld", number / 3600 % 24, number / 60 % 60, number % 60);
    case Kind::Uuid:
      return print("%08llx-0000-4000-8000-%012llx", static_cast<unsigned long long>(n) * 2'654'435'761ULL & 0xffffffffULL,
                   static_cast<unsigned long long>(n));
    case Kind::Json: return print("{\"n\": %lld}", number);
    case Kind::Array: return std::string("{}");
    case Kind::Interval: return print("%lld seconds", number);
    case Kind::Address: return print("10.%lld.%lld.%lld", number / 65'536 % 256, number / 256 % 256, number % 256);
    case Kind::Fixed: return type_.fixed;
    case Kind::Unknown: return not_null_ ? Value(text(n)) : Value(std::monostate{});
    case Kind::Text: break;
  }
  return words(n);
}

Value ColumnFill::banded(std::int64_t row) const {
  auto band = std::upper_bound(bands_.begin(), bands_.end(), row - 1, [](std::int64_t at, const Band& b) { return at < b.first; });
  if (band != bands_.begin()) --band;
  while (band != bands_.begin() && band->rows == 0) --band;
  return band->bounds.value(std::max<std::int64_t>(0, row - 1 - band->first), band->rows);
}

// About the golden share of all rows, which spreads neighbours furthest.
void ColumnFill::shuffle() {
  stride_ = std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(rows_) * 0.618));
  while (std::gcd(stride_, rows_) != 1) ++stride_;
}

std::int64_t ColumnFill::shuffled(std::int64_t number) const {
  return stride_ == 0 || number < 1 || number > rows_ ? number : (number - 1) * stride_ % rows_ + 1;
}

Value ColumnFill::value(std::int64_t row) const {
  if (known_ != nullptr && row > 0) return (*known_)[static_cast<std::size_t>(row - 1) % known_->size()];
  if (!bands_.empty()) return banded(row + shift_);
  const std::int64_t number = shuffled(row + shift_);
  if (parent_.empty()) return plain((number - 1) / divisor_ + 1);
  if (parent_rows_ == 0) return std::monostate{};
  return parent_.front().value((number - 1) / divisor_ % parent_rows_ + 1);
}

// The last partition with room takes new numbers; days and literals come again.
Value ColumnFill::fresh_banded(std::int64_t serial) const {
  for (auto band = bands_.rbegin(); band != bands_.rend() && is_number(kind()); ++band) {
    const std::int64_t left = band->bounds.literals.empty() ? band->bounds.room() - band->rows : 0;
    if (left > 0) return band->bounds.value(band->rows + serial % left, 0);
  }
  const Band& band = bands_[static_cast<std::size_t>(serial) % bands_.size()];
  return band.bounds.value(serial / static_cast<std::int64_t>(bands_.size()), band.rows);
}

Value ColumnFill::fresh(std::int64_t serial) const {
  if (names_known_) return value(serial + 1);
  if (!bands_.empty()) return fresh_banded(serial);
  if (!parent_.empty()) return value(serial + 1);
  if (checks_.digits > 0 && room() <= kFreshBase + kSerials) return plain(room() > rows_ ? rows_ + 1 + serial % (room() - rows_) : serial);
  if (!is_number(kind()) || bounded_ || last_ - first_ > kFreshBase + kSerials) return plain(kFreshBase + serial);
  const std::int64_t left = last_ - first_ - rows_;
  return whole(left > 0 ? rows_ + 1 + serial % left : serial);
}

std::string value_text(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* real = std::get_if<double>(&value)) {
    const auto whole = static_cast<std::int64_t>(*real);
    return static_cast<double>(whole) == *real ? std::to_string(whole) + ".0" : std::to_string(*real);
  }
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? *text : "";
}

}  // namespace midflight::backends
