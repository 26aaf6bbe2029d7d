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

Catalogue::Catalogue(const Schema& initial, const Plan& plan, const std::optional<Statement>& change) : initial_(initial), fills_(initial) {
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
      for (const Column& column : table.columns) later_.try_emplace({table.name, column.name}, column, table, schema);
    }
  }
}

void Catalogue::note_moved(MovedColumn moved) {
  const bool known = std::find(moved_.begin(), moved_.end(), moved) != moved_.end();
  if (!known && !moved.from.empty() && moved.from != moved.to) moved_.push_back(std::move(moved));
}

std::int64_t Catalogue::rows(const std::string& table) const {
  const Table* found = initial_.base_table(table);
  const auto known = found != nullptr ? known_rows_.find(found->name) : known_rows_.end();
  return known != known_rows_.end() ? known->second : table_rows(table);
}

std::int64_t Catalogue::table_rows(const std::string& table) const {
  const Table* found = initial_.base_table(table);
  return found != nullptr ? filled_rows(*found, fills_.partitions()) : 0;
}

void Catalogue::use_known(const std::string& table, const std::string& column, std::vector<Value> values) {
  known_rows_[table] = static_cast<std::int64_t>(values.size());
  known_[{table, column}] = std::make_shared<const std::vector<Value>>(std::move(values));
}

void Catalogue::refer_to_known(const std::string& table, const std::string& column, const std::string& parent,
                               const std::string& parent_column) {
  const auto known = known_.find({parent, parent_column});
  references_.insert({table, column});
  if (known != known_.end()) known_.try_emplace({table, column}, known->second);
}

ColumnFill Catalogue::fill(const std::string& table, const std::string& column) const {
  ColumnFill fill = generated(table, column);
  const auto known = known_.find({table, column});
  if (known != known_.end()) fill.use_known(known->second, references_.contains(known->first));
  return fill;
}

ColumnFill Catalogue::generated(const std::string& table, const std::string& column) const {
  if (const TableFill* known = fills_.table(table)) {
    if (const ColumnFill* fill = known->column(column)) return *fill;
    for (const MovedColumn& moved : moved_) {
      const ColumnFill* from = moved.table == table && moved.to == column ? known->column(moved.from) : nullptr;
      if (from != nullptr) return *from;
    }
  }
  const auto later = later_.find({table, column});
  return later != later_.end() ? later->second : ColumnFill();
}

}  // namespace midflight::backends
