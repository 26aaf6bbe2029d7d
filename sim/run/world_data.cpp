#include "sim/run/world.h"

#include "sim/traffic/bits.h"

// Rows whose old and new column part ways.

namespace midflight {

/// What a transaction did counts when it commits.
void World::apply_commit(std::uint32_t id) {
  const Session& s = sessions_[id];
  const std::vector<std::uint32_t>& statements = endpoint_of(s).statements;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    apply_effects(s, epoch_->plan(statements[i]), traffic::more_bits(s.bits, 2U + i));
  }
}

void World::apply_effects(const Session& s, const StatementPlan& plan, std::uint64_t bits) {
  bool changed = false;
  for (const StatementPlan::Effect& effect : plan.effects) {
    RowStates& rows = rows_[effect.pair];
    if (effect.inserts) {
      rows.insert(effect.write);
      changed = true;
    } else if (effect.write != PairWrite::None && effect.by_key) {
      rows.update(effect.write, bits);
      changed = true;
    } else if (effect.deletes && effect.by_key) {
      rows.erase(bits);
      changed = true;
    }
    const bool counted = s.arrival >= Instant{} && (effect.reads_old || effect.reads_new);
    if (!counted || !rows.expanded() || effect.write != PairWrite::None) continue;
    if (effect.by_key) {
      const RowStates::State state = rows.pick(bits);
      const bool neither = state == RowStates::Neither;
      const bool stale = (effect.reads_old && (neither || state == RowStates::NewOnly)) ||
                         (effect.reads_new && (neither || state == RowStates::OldNull || state == RowStates::OldStale));
      recorder_.stale_reads(stale, now_, now_);
    } else {
      recorder_.stale_reads((effect.reads_old && rows.misread_old() > 0) || (effect.reads_new && rows.misread_new() > 0), now_, now_);
    }
  }
  if (changed) data_changed();
}

/// What a background job wrote counts when it commits.
void World::apply_job(std::uint32_t id) {
  const Session& s = sessions_[id];
  const StatementPlan& plan = epoch_->plan(static_cast<std::uint32_t>(program_.first_background + s.owner));
  if (!plan.writes || plan.failure != nullptr) return;
  for (const StatementPlan::Effect& effect : plan.effects) {
    RowStates& rows = rows_[effect.pair];
    if (effect.inserts) {
      rows.insert(effect.write, plan.rows == kAllRows ? rows.rows() : plan.rows);
    } else if (plan.rows == kAllRows) {
      if (!effect.deletes) rows.update_all(effect.write);  // how many a DELETE finds is not known
    } else {
      for (std::int64_t i = 0; i < plan.rows; ++i) {
        const std::uint64_t bits = traffic::more_bits(row_bits(s), 2U + static_cast<std::uint64_t>(i));
        effect.deletes ? rows.erase(bits) : rows.update(effect.write, bits);
      }
    }
  }
  data_changed();
}

/// The bits that choose the row of a session's statement.
std::uint64_t World::row_bits(const Session& s) const {
  if (s.kind != SessionKind::Background) return s.bits;
  return Random(environment_.key("row/" + scenario_.background[s.owner].name), s.bits).next();
}

/// A row that hardly anybody meets while it is locked is not kept, as those of requests are not.
void World::claim_job_rows(std::uint32_t id, const StatementPlan& plan, Duration length) {
  const BackgroundJob& job = scenario_.background[sessions_[id].owner];
  const std::int64_t rows = table_rows(plan.row_table);
  if (rows == 0) return;
  if (!plan.by_key) {
    const Duration reach = job.during == BackgroundJob::While::Running ? length : Duration{};
    return claims_.add(id, plan.row_relation, 0, rows, now_, reach);
  }
  double writers = 0;
  for_each_served([&](const CompiledEndpoint& e, double rate) {
    for (const std::uint32_t statement : e.statements) {
      const StatementPlan& other = epoch_->plan(statement);
      if (other.row_writer && other.row_relation == plan.row_relation) writers += rate * (other.by_key ? 1 : static_cast<double>(rows));
    }
  });
  constexpr double kNegligible = 0.001;
  if (writers * length.seconds() / static_cast<double>(rows) < kNegligible) return;
  const auto row = static_cast<std::int64_t>(traffic::choose(traffic::more_bits(row_bits(sessions_[id]), 1), static_cast<std::size_t>(rows)));
  claims_.add(id, plan.row_relation, row, 1, now_, Duration{});
}

void World::serving_reads(std::size_t pair, bool& old_read, bool& new_read) const {
  old_read = new_read = false;
  for (std::uint32_t v = 0; v < program_.versions.size(); ++v) {
    if (fleet_.serving_of(v) == 0) continue;
    for (const CompiledEndpoint& e : program_.table[v]) {
      for (const std::uint32_t statement : e.statements) {
        for (const StatementPlan::Effect& effect : epoch_->plan(statement).effects) {
          if (effect.pair != pair) continue;
          old_read |= effect.reads_old;
          new_read |= effect.reads_new;
        }
      }
    }
  }
}

void World::refresh_reads() {
  load_.known = false;
  reads_.resize(rows_.size());
  for (std::size_t p = 0; p < rows_.size(); ++p) serving_reads(p, reads_[p].old_read, reads_[p].new_read);
  data_changed();
}

void World::data_changed() {
  if (now_ < Instant{}) return;
  std::int64_t diverged = 0;
  for (std::size_t p = 0; p < rows_.size(); ++p) {
    if (!rows_[p].expanded()) continue;
    diverged += rows_[p].diverged(reads_[p].old_read, reads_[p].new_read);
  }
  recorder_.diverged(diverged, now_);
}

void World::final_data() {
  std::int64_t lost = 0;
  for (std::size_t p = 0; p < rows_.size(); ++p) {
    if (!program_.pairs[p].is_fill()) lost += rows_[p].lost(epoch_->has_old(p), epoch_->has_new(p));
  }
  recorder_.lost_writes(lost);
}

}  // namespace midflight
