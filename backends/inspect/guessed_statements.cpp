#include <fmt/core.h>

#include <algorithm>

#include "backends/inspect/statements.h"
#include "sim/model/sql_text.h"

namespace midflight::backends {
namespace {

constexpr double kGuessedMean = 0.001, kGuessedDeviation = 0.0005;
constexpr double kLeastPerSecond = 1e-4;
constexpr std::size_t kTablesMost = 20;

constexpr const char* kTableCounters = R"sql(
SELECT CASE schemaname WHEN 'public' THEN '' ELSE schemaname || '.' END || relname, coalesce(seq_scan, 0) + coalesce(idx_scan, 0), n_tup_ins, n_tup_upd, n_tup_del,
       extract(epoch FROM clock_timestamp() - coalesce(
         (SELECT stats_reset FROM pg_stat_database WHERE datname = current_database()), pg_postmaster_start_time()))
FROM pg_stat_user_tables ORDER BY coalesce(seq_scan, 0) + coalesce(idx_scan, 0) + n_tup_ins + n_tup_upd + n_tup_del DESC, 1)sql";

/// "id = $1 AND part = $2"; empty without a primary key.
std::string by_key(const Table& table) {
  std::string condition;
  int n = 0;
  for (const std::string& column : table.primary_key()) {
    condition += fmt::format("{}{} = ${}", condition.empty() ? "" : " AND ", sql_identifier(column), ++n);
  }
  return condition;
}

const Column* changing_column(const Table& table) {
  const auto key = table.primary_key();
  for (const Column& column : table.columns) {
    if (!column.generated && std::find(key.begin(), key.end(), column.name) == key.end()) return &column;
  }
  return nullptr;
}

std::string insert_of(const Table& table) {
  std::string columns, values;
  int n = 0;
  for (const Column& column : table.columns) {
    if (column.generated || column.identity || column.default_sql) continue;
    columns += (columns.empty() ? "" : ", ") + sql_identifier(column.name);
    values += fmt::format("{}${}", values.empty() ? "" : ", ", ++n);
  }
  const std::string name = sql_identifier(table.name);
  return columns.empty() ? fmt::format("INSERT INTO {} DEFAULT VALUES", name)
                         : fmt::format("INSERT INTO {} ({}) VALUES ({})", name, columns, values);
}

class Guess {
 public:
  Guess(const Table& table, double seconds, Inspection& inspection)
      : table_(table), name_(sql_identifier(table.name)), key_(by_key(table)), seconds_(seconds), inspection_(inspection) {}

  void reads(double count) { add(count, "SELECT * FROM " + name_ + where()); }
  void inserts(double count) { add(count, insert_of(table_)); }
  void updates(double count) {
    const Column* column = changing_column(table_);
    if (column == nullptr || key_.empty()) return;
    const auto parameter = table_.primary_key().size() + 1;
    add(count, fmt::format("UPDATE {} SET {} = ${} WHERE {}", name_, sql_identifier(column->name), parameter, key_));
  }
  void deletes(double count) {
    if (!key_.empty()) add(count, "DELETE FROM " + name_ + where());
  }

 private:
  std::string where() const { return key_.empty() ? "" : " WHERE " + key_; }
  void add(double count, std::string sql) {
    if (count / seconds_ < kLeastPerSecond) return;
    inspection_.statements.push_back({std::move(sql), count / seconds_, kGuessedMean, kGuessedDeviation});
  }

  const Table& table_;
  std::string name_, key_;
  double seconds_;
  Inspection& inspection_;
};

double number(const TextRow& row, std::size_t i) { return row[i] ? std::stod(*row[i]) : 0; }

}  // namespace

void add_guessed_statements(PostgresConnection& session, const Schema& schema, Inspection& inspection) {
  std::size_t tables = 0;
  for (const TextRow& row : session.query(kTableCounters)) {
    const Table* table = schema.table(*row[0]);
    if (table == nullptr || number(row, 5) < 1 || ++tables > kTablesMost) continue;
    Guess guess(*table, number(row, 5), inspection);
    guess.reads(number(row, 1));
    guess.inserts(number(row, 2));
    guess.updates(number(row, 3));
    guess.deletes(number(row, 4));
  }
  inspection.statements_from = "a guess: the statistics of each table, as requests by primary key; put the real ones in their place";
}

}  // namespace midflight::backends
