#include "backends/data/fill_values.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "sim/model/sql_text.h"

namespace midflight::backends {
namespace {

using Kind = ColumnFill::Kind;

constexpr std::int64_t kFreshBase = 1'000'000'000;  // past every generated row

bool starts(std::string_view text, std::initializer_list<std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view b) { return text.substr(0, b.size()) == b; });
}

Kind kind_of(const std::string& type) {
  if (type.ends_with("[]")) return Kind::Array;
  if (starts(type, {"interval"})) return Kind::Interval;
  if (starts(type, {"inet", "cidr"})) return Kind::Address;
  if (starts(type, {"bigint", "int", "smallint", "serial", "bigserial", "smallserial", "oid"})) return Kind::Integer;
  if (starts(type, {"numeric", "decimal", "real", "double", "float", "money"})) return Kind::Real;
  if (starts(type, {"bool"})) return Kind::Boolean;
  if (starts(type, {"timestamp"})) return Kind::Timestamp;
  if (starts(type, {"date"})) return Kind::Date;
  if (starts(type, {"time"})) return Kind::Time;
  if (starts(type, {"uuid"})) return Kind::Uuid;
  if (starts(type, {"json"})) return Kind::Json;
  return Kind::Text;
}

std::int64_t length_limit(const std::string& type) {
  const auto bracket = type.find('(');
  if (bracket == std::string::npos || !starts(type, {"char", "varchar", "bpchar"})) return 1000;
  return std::max<std::int64_t>(1, std::strtoll(type.c_str() + bracket + 1, nullptr, 10));
}

template <class... Arguments>
std::string print(const char* format, Arguments... arguments) {
  std::array<char, 64> buffer;
  const int n = std::snprintf(buffer.data(), buffer.size(), format, arguments...);
  return {buffer.data(), static_cast<std::size_t>(n)};
}

std::string unquoted(std::string_view token) { return std::string(token.substr(1, token.size() - 2)); }

}  // namespace

ColumnFill::ColumnFill(const Column& column, const Table& table)
    : name_(column.name), kind_(kind_of(column.type)), text_limit_(length_limit(column.type)) {
  text_bytes_ = std::min(text_bytes_, text_limit_);
  read_checks(table);
}

void ColumnFill::read_checks(const Table& table) {
  for (const Constraint& check : table.constraints) {
    if (check.kind != ConstraintKind::Check || check.columns != std::vector<std::string>{name_}) continue;
    const std::vector<SqlToken> tokens = sql_tokens(check.expression);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const std::string_view before = i > 0 ? tokens[i - 1].text : "";
      if (tokens[i].kind == SqlTokenKind::String && kind_ == Kind::Text) literals_.push_back(unquoted(tokens[i].text));
      if (tokens[i].kind != SqlTokenKind::Number) continue;
      const std::int64_t bound = std::strtoll(std::string(tokens[i].text).c_str(), nullptr, 10);
      if (before == ">" || before == ">=") low_ = bound + (before == ">" ? 1 : 0);
      if (before == "<" || before == "<=") span_ = bound + (before == "<=" ? 1 : 0);  // an end for now
    }
  }
  if (span_ != 0) span_ = std::max<std::int64_t>(1, span_ - low_);
}

void ColumnFill::refers_to(const ColumnFill& parent, std::int64_t parent_rows, std::int64_t divisor) {
  parent_ = {parent};
  parent_rows_ = parent_rows;
  divisor_ = divisor;
}

void ColumnFill::pad_to(std::int64_t text_bytes) { text_bytes_ = std::min(text_bytes, text_limit_); }

std::string ColumnFill::text(std::int64_t number) const {
  std::string out = print("%c%lld", name_.empty() ? 'x' : name_[0], static_cast<long long>(number));
  if (static_cast<std::int64_t>(out.size()) > text_limit_) out = out.substr(out.size() - static_cast<std::size_t>(text_limit_));
  if (static_cast<std::int64_t>(out.size()) < text_bytes_) out.resize(static_cast<std::size_t>(text_bytes_), '.');
  return out;
}

Value ColumnFill::plain(std::int64_t n) const {
  const long long number = n;
  switch (kind_) {
    case Kind::Integer: return span_ > 0 ? low_ + n % span_ : std::max(low_, std::int64_t{0}) + n;
    case Kind::Real: return static_cast<double>(span_ > 0 ? low_ + n % span_ : std::max(low_, std::int64_t{0}) + n);
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
    case Kind::Text: break;
  }
  if (!literals_.empty()) return literals_[static_cast<std::size_t>(n) % literals_.size()];
  return text(n);
}

Value ColumnFill::value(std::int64_t row) const {
  if (parent_.empty()) return plain(row);
  if (parent_rows_ == 0) return std::monostate{};
  return parent_.front().value((row - 1) / divisor_ % parent_rows_ + 1);
}

Value ColumnFill::fresh(std::int64_t serial) const {
  return parent_.empty() ? plain(kFreshBase + serial) : value(serial + 1);
}

TableFill::TableFill(const Table& table, const Schema& schema) {
  for (const Column& column : table.columns) {
    if (!column.generated) columns_.emplace_back(column, table);
  }
  follow_foreign_keys(table, schema);
  share_out_bytes(table);
}

const ColumnFill* TableFill::column(std::string_view name) const {
  const auto found = std::find_if(columns_.begin(), columns_.end(), [&](const ColumnFill& c) { return c.name() == name; });
  return found == columns_.end() ? nullptr : &*found;
}

void TableFill::follow_foreign_keys(const Table& table, const Schema& schema) {
  // Several parents count like the digits of a number, so pairs of them differ.
  std::int64_t divisor = 1;
  for (const Constraint& key : table.constraints) {
    const Table* parent = key.kind == ConstraintKind::ForeignKey ? schema.table(key.referenced_table) : nullptr;
    if (parent == nullptr || parent == &table || key.columns.size() != 1) continue;
    const std::vector<std::string> target = key.referenced_columns.empty() ? parent->primary_key() : key.referenced_columns;
    const Column* referenced = target.size() == 1 ? parent->column(target[0]) : nullptr;
    for (ColumnFill& column : columns_) {
      if (referenced == nullptr || column.name() != key.columns[0]) continue;
      column.refers_to(ColumnFill(*referenced, *parent), parent->rows, divisor);
      divisor = std::min<std::int64_t>(divisor * std::max<std::int64_t>(1, parent->rows), std::int64_t{1} << 40);
    }
  }
}

void TableFill::share_out_bytes(const Table& table) {
  std::int64_t texts = 0;
  for (const ColumnFill& column : columns_) texts += column.kind() == Kind::Text ? 1 : 0;
  if (texts == 0) return;
  const std::int64_t others = static_cast<std::int64_t>(columns_.size()) - texts;
  const std::int64_t each = std::clamp<std::int64_t>((table.row_bytes - 8 * others) / texts, 8, 4000);
  for (ColumnFill& column : columns_) {
    if (column.kind() == Kind::Text) column.pad_to(each);
  }
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
