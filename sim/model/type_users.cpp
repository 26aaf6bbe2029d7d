#include "sim/model/type_users.h"

#include <algorithm>

namespace midflight {
namespace {

std::string plain(std::string name) {
  if (name.starts_with("public.")) name.erase(0, 7);
  std::erase(name, '"');
  return name;
}

/// The type and the domains over it.
std::vector<std::string> with_domains(const Schema& schema, const std::string& type) {
  std::vector<std::string> all = {type};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string below = all[i];
    for (const Domain& domain : schema.domains) {
      if (same_type(domain.type, below)) all.push_back(domain.name);
    }
  }
  return all;
}

}  // namespace

bool same_type(const std::string& column_type, const std::string& type) { return plain(column_type) == plain(type); }

std::vector<std::string> tables_with_type(const Schema& schema, const std::string& type) {
  const std::vector<std::string> types = with_domains(schema, type);
  std::vector<std::string> tables;
  for (const Table& table : schema.tables) {
    const bool uses = std::any_of(table.columns.begin(), table.columns.end(), [&](const Column& column) {
      return std::any_of(types.begin(), types.end(), [&](const std::string& t) { return same_type(column.type, t); });
    });
    if (uses) tables.push_back(table.name);
  }
  return tables;
}

std::vector<std::string> typed_tables(const Schema& schema, const std::string& type) {
  std::vector<std::string> tables;
  for (const Table& table : schema.tables) {
    if (!table.of_type.empty() && same_type(table.of_type, type)) tables.push_back(table.name);
  }
  for (std::size_t i = 0; i < tables.size(); ++i) {
    for (std::string& heir : schema.children(tables[i])) {
      if (std::find(tables.begin(), tables.end(), heir) == tables.end()) tables.push_back(std::move(heir));
    }
  }
  return tables;
}

bool nested_in_other_types(const Schema& schema, const std::string& type) {
  std::vector<std::string> around;
  for (const Composite& composite : schema.composites) {
    const auto& columns = composite.columns;
    if (std::any_of(columns.begin(), columns.end(), [&](const Column& c) { return same_type(c.type, type) || same_type(c.type, type + "[]"); }))
      around.push_back(composite.name);
  }
  return !tables_with_type(schema, type + "[]").empty() ||
         std::any_of(around.begin(), around.end(), [&](const std::string& t) { return !tables_with_type(schema, t).empty(); });
}

}  // namespace midflight
