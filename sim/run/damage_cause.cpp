#include "sim/run/damage_cause.h"

#include <algorithm>

#include <fmt/format.h>

namespace midflight {

namespace {

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What a version does with the two columns of a pair, over all its statements.
struct Use {
  bool writes_old_alone = false, writes_new_alone = false, reads_old = false, reads_new = false;
};

Use use_of(const Version& version, const TrackedPair& pair) {
  Use use;
  for (const Endpoint& endpoint : version.endpoints) {
    for (const Statement& statement : endpoint.statements) {
      for (const Access& access : statement.accesses) {
        if (access.relation != pair.table) continue;
        const bool old = has(access.writes, pair.from), fresh = has(access.writes, pair.to);
        use.writes_old_alone |= old && !fresh;
        use.writes_new_alone |= fresh && !old;
        use.reads_old |= has(access.reads, pair.from);
        use.reads_new |= has(access.reads, pair.to);
      }
    }
  }
  return use;
}

/// A version from the step on that deploys it; the first one is there from the beginning.
struct Turn {
  std::size_t step = 0;
  bool first = false;
  const std::string* name = nullptr;
  Use use;
};

/// One moving column, and who serves when.
class Move {
 public:
  Move(const Program& program, std::size_t pair) : program_(program), pair_(program.pairs[pair]) {
    const std::vector<Version>& versions = program.proposal.versions;
    if (!versions.empty()) turns_.push_back({0, true, &versions.front().name, use_of(versions.front(), pair_)});
    for (std::size_t i = 0; i < steps().size(); ++i) {
      const auto* deploy = std::get_if<DeployStep>(&steps()[i].action);
      if (deploy != nullptr) add_turn(i, deploy->version);
      if (copies(steps()[i], pair)) copies_.push_back(i);
    }
  }

  std::string cause(bool overlap) const {
    std::string found = what_is_dropped();
    if (found.empty()) found = what_copies_miss();
    if (found.empty() && overlap) found = what_neighbours_do();
    if (found.empty()) found = what_is_read_too_early();
    return found.empty() ? what_goes_back() : found;
  }

 private:
  const std::vector<Step>& steps() const { return program_.proposal.plan.steps; }

  void add_turn(std::size_t step, const std::string& name) {
    const std::vector<Version>& versions = program_.proposal.versions;
    const auto found = std::find_if(versions.begin(), versions.end(), [&](const Version& v) { return v.name == name; });
    if (found != versions.end()) turns_.push_back({step, false, &found->name, use_of(*found, pair_)});
  }

  bool copies(const Step& step, std::size_t pair) const {
    const auto moves = [&](const Statement& update) {
      const std::vector<std::size_t> copied = program_.copied_by(update);
      return std::find(copied.begin(), copied.end(), pair) != copied.end();
    };
    if (const auto* backfill = std::get_if<BackfillStep>(&step.action)) return moves(backfill->update);
    const auto* sql = std::get_if<SqlStep>(&step.action);
    return sql != nullptr && std::any_of(sql->statements.begin(), sql->statements.end(), [&](const Statement& s) {
             return s.kind == StatementKind::Update && moves(s);
           });
  }

  bool began_before(const Turn& turn, std::size_t step) const { return turn.first || turn.step < step; }

  bool drops_old(const Step& step) const {
    const auto* sql = std::get_if<SqlStep>(&step.action);
    return sql != nullptr && std::any_of(sql->statements.begin(), sql->statements.end(), [&](const Statement& statement) {
             return std::any_of(statement.operations.begin(), statement.operations.end(), [&](const Operation& operation) {
               const auto* drop = std::get_if<DropColumn>(&operation);
               return drop != nullptr && drop->table == pair_.table && drop->column == pair_.from;
             });
           });
  }

  std::string what_is_dropped() const {
    const auto drop = std::find_if(steps().begin(), steps().end(), [&](const Step& step) { return drops_old(step); });
    const auto at = static_cast<std::size_t>(drop - steps().begin());
    if (drop == steps().end() || (!copies_.empty() && copies_.front() < at)) return {};
    return fmt::format("{} drops {} before any step has copied it into {}", drop->id, pair_.from, pair_.to);
  }

  std::string what_copies_miss() const {
    for (const std::size_t copy : copies_) {
      const Turn* serving = nullptr;
      for (const Turn& turn : turns_) {
        if (!began_before(turn, copy)) continue;
        serving = &turn;
        if (turn.use.writes_new_alone) {
          return fmt::format("{} puts the value of {} over what {} has written to {} alone", steps()[copy].id, pair_.from,
                             *turn.name, pair_.to);
        }
      }
      if (serving != nullptr && serving->use.writes_old_alone) {
        return fmt::format("{} still writes only {} when {} goes over the rows, and nothing copies what it writes later",
                           *serving->name, pair_.from, steps()[copy].id);
      }
    }
    return {};
  }

  /// Of two versions that serve side by side.
  std::string what_neighbours_do() const {
    for (std::size_t i = 1; i < turns_.size(); ++i) {
      const Turn &before = turns_[i - 1], &after = turns_[i];
      for (const auto& [writer, reader] : {std::pair(&before, &after), std::pair(&after, &before)}) {
        if (writer->use.writes_old_alone && reader->use.reads_new) return beside(*writer, pair_.from, *reader, pair_.to);
        if (writer->use.writes_new_alone && reader->use.reads_old) return beside(*writer, pair_.to, *reader, pair_.from);
      }
    }
    return {};
  }

  static std::string beside(const Turn& writer, const std::string& written, const Turn& reader, const std::string& read) {
    return fmt::format("{} writes only {} while {}, which serves beside it, reads {}", *writer.name, written, *reader.name, read);
  }

  std::string what_is_read_too_early() const {
    for (const Turn& turn : turns_) {
      const bool copied = std::any_of(copies_.begin(), copies_.end(), [&](std::size_t copy) { return !began_before(turn, copy); });
      if (turn.use.reads_new && !copied) {
        return fmt::format("{} reads {}, into which no step before has copied {}", *turn.name, pair_.to, pair_.from);
      }
    }
    return {};
  }

  std::string what_goes_back() const {
    for (const Turn& turn : turns_) {
      const bool after_copy = !copies_.empty() && !began_before(turn, copies_.front());
      if (after_copy && turn.use.writes_old_alone) {
        return fmt::format("{} writes only {} again after {}", *turn.name, pair_.from, steps()[copies_.front()].id);
      }
    }
    return {};
  }

  const Program& program_;
  const TrackedPair& pair_;
  std::vector<Turn> turns_;
  std::vector<std::size_t> copies_;
};

}  // namespace

std::string damage_cause(const Program& program, bool overlap) {
  for (std::size_t pair = 0; pair < program.pairs.size(); ++pair) {
    if (program.pairs[pair].is_fill()) continue;
    if (std::string cause = Move(program, pair).cause(overlap); !cause.empty()) return cause;
  }
  return {};
}

}  // namespace midflight
