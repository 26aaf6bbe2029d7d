#include "sim/compat/casts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace midflight::compat {
namespace {

/// Within a kind every type is assigned to every other.
enum class Kind : unsigned char { Unknown, Text, Number, Boolean, Date, Uuid, Json };

struct Known {
  std::string_view type;
  Kind kind;
};

constexpr std::array kKnown = {
    Known{"text", Kind::Text},        Known{"character varying", Kind::Text},
    Known{"varchar", Kind::Text},     Known{"smallint", Kind::Number},
    Known{"integer", Kind::Number},   Known{"bigint", Kind::Number},
    Known{"numeric", Kind::Number},   Known{"real", Kind::Number},
    Known{"date", Kind::Date},        Known{"double precision", Kind::Number},
    Known{"boolean", Kind::Boolean},  Known{"timestamp without time zone", Kind::Date},
    Known{"timestamp", Kind::Date},   Known{"timestamp with time zone", Kind::Date},
    Known{"timestamptz", Kind::Date}, Known{"uuid", Kind::Uuid},
    Known{"json", Kind::Json},        Known{"jsonb", Kind::Json}};

/// Of "numeric(10,2)": numeric.
Kind kind_of(std::string_view type) {
  std::string base(type.substr(0, type.find('(')));
  if (const std::size_t close = type.find(')'); close != type.npos) base += type.substr(close + 1);
  const auto known = std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& k) { return k.type == base; });
  return known == kKnown.end() ? Kind::Unknown : known->kind;
}

bool has_cast(std::string_view from, std::string_view to) {
  const Kind a = kind_of(from), b = kind_of(to);
  return a == b || a == Kind::Unknown || b == Kind::Unknown || b == Kind::Text;
}

}  // namespace

std::optional<ErrorKind> missing_cast(const Statement& statement, const Schema& schema) {
  for (const Operation& operation : statement.operations) {
    const auto* change = std::get_if<AlterColumnType>(&operation);
    if (change == nullptr || !change->using_sql.empty()) continue;
    const Table* table = schema.table(change->table);
    const Column* column = table != nullptr ? table->column(change->column) : nullptr;
    if (column == nullptr || has_cast(column->type, change->type)) continue;
    return ErrorKind{ErrorClass::Schema, "42804",
                     fmt::format("column \"{}\" cannot be cast automatically to type {}", change->column, change->type)};
  }
  return std::nullopt;
}

}  // namespace midflight::compat
