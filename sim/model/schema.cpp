#include "sim/model/schema.h"

#include <algorithm>
#include <utility>

#include "sim/model/called.h"

namespace midflight {
namespace {

template <typename Items>
auto* find_named(Items& items, std::string_view name) {
  for (auto& item : items) {
    if (is_called(item.name, name)) return &item;
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

// A migration mostly speaks of what the migrations just before it made: the newest table is looked at first.
const Table* Schema::table(std::string_view name) const {
  const auto found = std::find_if(tables.rbegin(), tables.rend(), [&](const Table& table) { return is_called(table.name, name); });
  return found == tables.rend() ? nullptr : &*found;
}

Table* Schema::table(std::string_view name) { return const_cast<Table*>(std::as_const(*this).table(name)); }
const View* Schema::view(std::string_view name) const { return find_named(views, name); }

std::string Index::relation() const {
  const std::size_t dot = table.rfind('.');
  return dot == std::string::npos ? name : table.substr(0, dot + 1) + name;
}

const Index* Schema::index(std::string_view name) const {
  const bool qualified = name.find('.') != std::string_view::npos;
  for (const Table& owner : tables) {
    for (const Index& index : owner.indexes) {
      if (is_called(index.name, name) || (qualified && index.relation() == name)) return &index;
    }
  }
  return nullptr;
}

const Domain* Schema::domain(std::string_view name) const { return find_named(domains, name); }
const Sequence* Schema::sequence(std::string_view name) const { return find_named(sequences, name); }

std::string_view schema_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? "public" : name.substr(0, dot);
}

bool Schema::has_schema(std::string_view name) const {
  const bool of_server = name.starts_with("pg_") || name == "information_schema";
  return of_server || std::find(schemas.begin(), schemas.end(), name) != schemas.end();
}

std::vector<std::string> Schema::children(std::string_view table) const {
  std::vector<std::string> found;
  for (const Table& heir : tables) {
    if (std::find(heir.parents.begin(), heir.parents.end(), table) != heir.parents.end()) found.push_back(heir.name);
  }
  return found;
}

std::vector<std::string> Schema::heirs(std::string_view table) const {
  std::vector<std::string> found = children(table);
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (std::string& below : children(found[i])) {
      if (std::find(found.begin(), found.end(), below) == found.end()) found.push_back(std::move(below));
    }
  }
  return found;
}

std::vector<std::string> Schema::owned_sequences(std::string_view table, std::string_view column) const {
  std::vector<std::string> found;
  for (const Sequence& sequence : sequences) {
    if (sequence.owner_table == table && (column.empty() || sequence.owner_column == column)) found.push_back(sequence.name);
  }
  return found;
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
