#include "backends/data/catalogue.h"

#include <algorithm>

namespace midflight::backends {
namespace {

/// The column a backfill copies: what it reads and does not write.
std::string copied_column(const Access& access) {
  for (const std::string& read : access.reads) {
    if (std::find(access.writes.begin(), access.writes.end(), read) == access.writes.end()) return read;
  }
  return {};
}

}  // namespace

Catalogue::Catalogue(const Schema& initial, const Plan& plan, const std::optional<Statement>& change) : initial_(initial) {
  for (const Table& table : initial_.tables) fills_.emplace(table.name, TableFill(table, initial_));
  follow(plan);
  if (!change) return;
  for (const Operation& operation : change->operations) {
    if (const auto* rename = std::get_if<RenameColumn>(&operation)) note_moved({rename->table, rename->from, rename->to});
  }
}

void Catalogue::follow(const Plan& plan) {
  Schema schema = initial_;
  for (const Step& step : plan.steps) {
    if (const auto* backfill = std::get_if<BackfillStep>(&step.action)) {
      for (const Access& access : backfill->update.accesses) {
        for (const std::string& to : access.writes) note_moved({access.relation, copied_column(access), to});
      }
    }
    const auto* sql = std::get_if<SqlStep>(&step.action);
    if (sql == nullptr) continue;
    for (const Statement& statement : sql->statements) {
      for (const Operation& operation : statement.operations) apply(operation, schema);
    }
    for (const Table& table : schema.tables) {
      for (const Column& column : table.columns) later_.try_emplace({table.name, column.name}, column, table);
    }
  }
}

void Catalogue::note_moved(MovedColumn moved) {
  const bool known = std::find(moved_.begin(), moved_.end(), moved) != moved_.end();
  if (!known && !moved.from.empty() && moved.from != moved.to) moved_.push_back(std::move(moved));
}

std::int64_t Catalogue::rows(const std::string& table) const {
  const Table* found = initial_.base_table(table);
  return found != nullptr ? found->rows : 0;
}

ColumnFill Catalogue::fill(const std::string& table, const std::string& column) const {
  const auto known = fills_.find(table);
  if (known != fills_.end()) {
    if (const ColumnFill* fill = known->second.column(column)) return *fill;
    for (const MovedColumn& moved : moved_) {
      const ColumnFill* from = moved.table == table && moved.to == column ? known->second.column(moved.from) : nullptr;
      if (from != nullptr) return *from;
    }
  }
  const auto later = later_.find({table, column});
  return later != later_.end() ? later->second : ColumnFill();
}

}  // namespace midflight::backends
