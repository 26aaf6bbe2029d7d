#include "sim/model/schema.h"

namespace midflight {
namespace {

template <typename Items>
auto* find_named(Items& items, std::string_view name) {
  for (auto& item : items) {
    if (item.name == name) return &item;
  }
  return static_cast<decltype(items.data())>(nullptr);
}

}  // namespace

const Column* Table::column(std::string_view column_name) const { return find_named(columns, column_name); }
Column* Table::column(std::string_view column_name) { return find_named(columns, column_name); }

std::vector<std::string> Table::primary_key() const {
  for (const Constraint& constraint : constraints) {
    if (constraint.kind == ConstraintKind::PrimaryKey) return constraint.columns;
  }
  return {};
}

const Table* Schema::table(std::string_view name) const { return find_named(tables, name); }
Table* Schema::table(std::string_view name) { return find_named(tables, name); }
const View* Schema::view(std::string_view name) const { return find_named(views, name); }

const Index* Schema::index(std::string_view name) const {
  for (const Table& owner : tables) {
    if (const Index* found = find_named(owner.indexes, name)) return found;
  }
  return nullptr;
}

const Table* Schema::base_table(std::string_view relation) const {
  // A view may stand on a view; no chain is longer than the list of views.
  for (std::size_t depth = 0; depth <= views.size(); ++depth) {
    if (const Table* found = table(relation)) return found;
    const View* over = view(relation);
    if (over == nullptr || over->table.empty()) return nullptr;
    relation = over->table;
  }
  return nullptr;
}

}  // namespace midflight
