#include "sim/run/world.h"

#include "sim/kernel/error.h"

// What the run knows of the data, where a step asks.

namespace midflight {

void World::ask_check(std::size_t step) {
  schedule(now_ + check_length(step), Kind::CheckEnds, static_cast<std::uint32_t>(step));
}

/// A check of the data reads the table; it asks for nothing that requests want.
Duration World::check_length(std::size_t step) const {
  const auto& check = std::get<CheckStep>(step_at(step).action);
  const Table* table = epoch_->schema().base_table(check.table);
  if (table == nullptr || check.kind == CheckStep::Kind::Valid) return {};
  const Distribution scan = cost::duration({WorkKind::Scan, table->name}, epoch_->schema(), program_.profile);
  Random random(environment_.key("check/" + step_at(step).id));
  return scan.sample(random);
}

bool World::check_holds(const CheckStep& check) const {
  if (check.kind == CheckStep::Kind::Sql) return check.assume;
  if (check.kind == CheckStep::Kind::Valid) {
    for (const Table& table : epoch_->schema().tables) {
      for (const Constraint& c : table.constraints) {
        if (c.name == check.constraint) return c.valid;
      }
    }
    const Index* index = epoch_->schema().index(check.constraint);
    return index != nullptr && index->valid;
  }
  for (std::size_t p = 0; p < rows_.size(); ++p) {
    const TrackedPair& pair = program_.pairs[p];
    if (!epoch_->is_pair_table(program_, p, check.table)) continue;
    if (check.kind == CheckStep::Kind::Filled && pair.to == check.column) return rows_[p].expanded() && rows_[p].unset() == 0;
    const bool same = (pair.from == check.column && pair.to == check.other_column) ||
                      (pair.to == check.column && pair.from == check.other_column);
    if (check.kind == CheckStep::Kind::Equal && same) return rows_[p].differing() == 0;
  }
  return true;
}

}  // namespace midflight
