#include <algorithm>
#include <utility>

#include "sim/compat/compat.h"
#include "sim/kernel/error.h"
#include "sim/rules/rules.h"
#include "sim/run/half_done.h"
#include "sim/run/program.h"

namespace midflight {

std::unique_ptr<Epoch> Epoch::initial(const Program& program) {
  std::unique_ptr<Epoch> epoch(new Epoch);
  epoch->schema_ = program.scenario.schema;
  // Relation 0 stands for the file itself where a product locks nothing smaller.
  epoch->ids_["database"] = epoch->next_relation_++;
  for (const Table& table : epoch->schema_.tables) {
    epoch->ids_[table.name] = epoch->next_relation_++;
    epoch->original_[table.name] = table.name;
  }
  for (const View& view : epoch->schema_.views) epoch->ids_[view.name] = epoch->next_relation_++;
  for (const std::string& index : program.blocked_indexes) epoch->ids_[index] = epoch->next_relation_++;
  epoch->derive(program);
  return epoch;
}

locks::RelationId Epoch::relation(const std::string& name) const {
  const auto found = ids_.find(name);
  return found == ids_.end() ? 0 : found->second;
}

const std::string& Epoch::relation_name(locks::RelationId id) const {
  for (const auto& [name, known] : ids_) {
    if (known == id) return name;
  }
  static const std::string unknown = "?";
  return unknown;
}

const Epoch::Next& Epoch::after(const Program& program, std::size_t step, std::size_t statement) {
  const auto [at, fresh] = next_.try_emplace({step, statement});
  Next& next = at->second;
  if (!fresh) return next;
  const Statement& sql = program.step_statement(step, statement);
  next.work = rules::locks_and_work(sql, schema_, program.scenario.database.dialect);
  std::unique_ptr<Epoch> child = this->child();
  for (const Operation& operation : sql.operations) {
    next.misfit = midflight::apply(operation, child->schema_);
    if (!next.misfit.empty()) return next;
    child->follow(operation);
  }
  if (sql.kind == StatementKind::Ddl || sql.operations.empty() || std::holds_alternative<DataStatement>(sql.operations.front())) {
    if (const auto failure = compat::failure(sql, schema_, program.scenario.database.dialect)) {
      next.misfit = failure->message;
      return next;
    }
  }
  child->derive(program);
  next.epoch = std::move(child);
  return next;
}

std::unique_ptr<Epoch> Epoch::child() const {
  std::unique_ptr<Epoch> child(new Epoch);
  child->schema_ = schema_;
  child->ids_ = ids_;
  child->original_ = original_;
  child->next_relation_ = next_relation_;
  return child;
}

const Epoch::Left& Epoch::after_failure(const Program& program, std::size_t step, std::size_t statement, std::size_t phase) {
  const auto [at, fresh] = failed_.try_emplace({step, statement, phase});
  Left& left = at->second;
  if (!fresh) return left;
  std::unique_ptr<Epoch> after = child();
  left.what = leave_half_done(program.step_statement(step, statement), this->after(program, step, statement).work.phases, phase, after->schema_);
  if (left.what.empty()) return left;
  after->derive(program);
  left.epoch = std::move(after);
  return left;
}

void Epoch::follow(const Operation& operation) {
  if (const auto* rename = std::get_if<RenameTable>(&operation)) {
    if (const auto known = ids_.extract(rename->from)) ids_[rename->to] = known.mapped();
    if (const auto known = original_.extract(rename->from)) original_[rename->to] = known.mapped();
  } else if (const auto* view = std::get_if<CreateView>(&operation)) {
    ids_.try_emplace(view->view.name, next_relation_++);
  } else if (const auto* table = std::get_if<CreateTable>(&operation)) {
    ids_.try_emplace(table->table.name, next_relation_++);
    original_.try_emplace(table->table.name, table->table.name);
  } else if (const auto* drop_view = std::get_if<DropView>(&operation)) {
    ids_.erase(drop_view->view);
  } else if (const auto* drop = std::get_if<DropTable>(&operation)) {
    ids_.erase(drop->table);
    original_.erase(drop->table);
  }
}

std::string Epoch::current_table(const std::string& original) const {
  for (const auto& [now, then] : original_) {
    if (then == original) return now;
  }
  return {};
}

void Epoch::derive(const Program& program) {
  pair_columns_.clear();
  for (const TrackedPair& pair : program.pairs) {
    const Table* table = schema_.table(current_table(pair.table));
    const Column* to = table != nullptr ? table->column(pair.to) : nullptr;
    const bool from = table != nullptr && table->column(pair.from) != nullptr;
    const bool with_default = to != nullptr && to->default_sql.has_value();
    pair_columns_.push_back(static_cast<std::uint8_t>((from ? 1 : 0) | (to != nullptr ? 2 : 0) | (with_default ? 4 : 0)));
  }
  plans_.resize(program.statements.size());
  for (std::uint32_t id = 0; id < program.statements.size(); ++id) derive_statement(program, id);
}

namespace {

void add_ask(StatementPlan& plan, locks::RelationId relation, LockMode mode) {
  const bool known = std::any_of(plan.asks.begin(), plan.asks.end(), [&](const StatementPlan::Ask& a) {
    return a.relation == relation && a.mode == mode;
  });
  if (!known) plan.asks.push_back({relation, mode});
}

}  // namespace

void Epoch::ask_for(const Program& program, const Access& access, StatementPlan& plan) const {
  const auto add = [&plan](locks::RelationId relation, LockMode mode) { add_ask(plan, relation, mode); };
  if (program.scenario.database.dialect.engine == Engine::Sqlite) {
    add(0, access.mode >= LockMode::RowExclusiveLock ? LockMode::ExclusiveLock : LockMode::AccessShareLock);
    return;
  }
  add(relation(access.relation), access.mode);
  const Table* base = schema_.base_table(access.relation);
  if (base == nullptr) return;
  if (base->name != access.relation) add(relation(base->name), access.mode);
  // A query is planned with every index of its tables open, also those it will not use.
  for (const Index& index : base->indexes) {
    if (ids_.contains(index.relation())) add(relation(index.relation()), access.mode);
  }
}

void Epoch::derive_statement(const Program& program, std::uint32_t id) {
  const Statement& statement = *program.statements[id];
  StatementPlan& plan = plans_[id];
  if (auto failure = compat::failure(statement, schema_, program.scenario.database.dialect)) {
    plan.failure = std::make_unique<ErrorKind>(std::move(*failure));
  }
  for (const Access& access : statement.accesses) {
    if (ids_.contains(access.relation)) ask_for(program, access, plan);
    const bool writes = access.mode == LockMode::RowExclusiveLock;
    plan.writes |= writes;
    const bool finds_rows = statement.kind == StatementKind::Update || statement.kind == StatementKind::Delete;
    if ((writes && finds_rows) || access.mode == LockMode::RowShareLock) {
      const Table* base = schema_.base_table(access.relation);
      plan.row_writer = base != nullptr;
      plan.by_key = !access.key.empty();
      if (base != nullptr) {
        plan.row_relation = relation(base->name);
        plan.row_table = base->name;
      }
    }
  }
  if (plan.failure != nullptr) return;
  derive_effects(program, statement, plan);
  if (plan.writes && id >= program.first_background) {
    plan.rows = Program::rows_written(statement, schema_, program.scenario.database.dialect);
    plan.by_key &= plan.rows != kAllRows;
  }
  if (program.scenario.database.dialect.engine == Engine::Sqlite) return;
  // What the rules add to the statement's own relations: the partners of its foreign keys.
  for (const Phase& phase : rules::locks_and_work(statement, schema_, program.scenario.database.dialect).phases) {
    for (const RelationLock& lock : phase.locks) {
      if (ids_.contains(lock.relation)) add_ask(plan, relation(lock.relation), lock.mode);
    }
  }
}

void Epoch::derive_effects(const Program& program, const Statement& statement, StatementPlan& plan) const {
  const auto has = [](const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  for (const compat::ColumnAccess& access : compat::column_accesses(statement, schema_)) {
    for (std::size_t p = 0; p < program.pairs.size(); ++p) {
      const TrackedPair& pair = program.pairs[p];
      if (current_table(pair.table) != access.table) continue;
      StatementPlan::Effect effect{};
      effect.pair = static_cast<std::uint8_t>(p);
      const bool old_written = has(access.writes, pair.from), new_written = has(access.writes, pair.to);
      effect.write = old_written ? (new_written ? PairWrite::Both : PairWrite::Old)
                                 : (new_written ? PairWrite::New : PairWrite::None);
      effect.inserts = access.inserts;
      if (pair.is_fill()) effect.write = new_written || (access.inserts && new_has_default(p)) ? PairWrite::Both
                                         : access.inserts ? PairWrite::Old : PairWrite::None;
      effect.deletes = statement.kind == StatementKind::Delete;
      effect.by_key = access.by_key;
      effect.reads_old = has(access.reads, pair.from);
      effect.reads_new = has(access.reads, pair.to);
      plan.effects.push_back(effect);
    }
  }
}

bool Epoch::result_changed(const Program& program, std::uint32_t statement, const Epoch& since) const {
  return compat::result_type_changed(*program.statements[statement], since.schema_, schema_);
}

}  // namespace midflight
