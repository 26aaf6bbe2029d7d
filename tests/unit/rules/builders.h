#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/rules/rules.h"

namespace midflight::rules::testing {

inline const Dialect kPostgresql15{Engine::Postgresql, 15};
inline const Dialect kPostgresql11{Engine::Postgresql, 11};
inline const Dialect kSqlite{Engine::Sqlite, 340};

inline Column column(std::string name, std::string type, bool not_null = false) {
  Column c;
  c.name = std::move(name);
  c.type = std::move(type);
  c.not_null = not_null;
  return c;
}

/// users(id, name, email) with two indexes, and orders(id, user_id -> users.id).
inline Schema shop() {
  Table users, orders;
  users.name = "users";
  users.columns = {column("id", "bigint", true), column("name", "character varying(50)"), column("email", "text")};
  users.constraints.push_back({"users_pkey", ConstraintKind::PrimaryKey, {"id"}, "", "", {}, true, ""});
  users.indexes.push_back({"users_pkey", "users", {"id"}, true, true, true, ""});
  users.indexes.push_back({"users_email_idx", "users", {"email"}, false, true, false, ""});
  users.rows = 1000;
  orders.name = "orders";
  orders.columns = {column("id", "bigint", true), column("user_id", "bigint")};
  orders.constraints.push_back({"orders_user_fk", ConstraintKind::ForeignKey, {"user_id"}, "", "users", {"id"}, true, ""});
  orders.rows = 5000;
  return {{users, orders}, {}, {}};
}

inline Statement ddl(std::vector<Operation> operations) {
  Statement statement;
  statement.kind = StatementKind::Ddl;
  statement.operations = std::move(operations);
  return statement;
}

inline LocksAndWork on_postgresql(Operation operation, const Schema& schema = shop(), const Dialect& dialect = kPostgresql15) {
  return locks_and_work(ddl({std::move(operation)}), schema, dialect);
}

inline LocksAndWork on_sqlite(Operation operation, const Schema& schema = shop()) {
  return locks_and_work(ddl({std::move(operation)}), schema, kSqlite);
}

/// "users AccessExclusiveLock, orders RowShareLock | scan users" with a part
/// for each phase; what it waits for stands before its work in brackets.
inline std::string text(const LocksAndWork& rules) {
  static const char* const kinds[] = {"metadata", "scan", "rewrite", "index_build", "update"};
  static const char* const waits[] = {"", "[lock holders] ", "[old snapshots] ", "[all lock holders] "};
  std::string all;
  for (const Phase& phase : rules.phases) {
    std::string locks, work;
    for (const RelationLock& lock : phase.locks) {
      locks += (locks.empty() ? "" : ", ") + lock.relation + " " + std::string(lock_mode_name(lock.mode));
    }
    for (const Work& w : phase.work) {
      work += (work.empty() ? "" : ", ") + std::string(kinds[static_cast<int>(w.kind)]) + " " + w.relation;
      if (w.kind == WorkKind::Rewrite) work += " +" + std::to_string(w.indexes);
      if (w.kind == WorkKind::Update) work += w.rows == kAllRows ? " all rows" : " " + std::to_string(w.rows);
    }
    all += (all.empty() ? "" : phase.new_transaction ? "; commit " : "; ") + locks + " | " + waits[static_cast<int>(phase.wait)] + work;
  }
  return all;
}

}  // namespace midflight::rules::testing
