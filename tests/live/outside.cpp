#include "tests/live/outside.h"

#include <memory>

#include "sim/kernel/error.h"
#include "tests/live/subject.h"

namespace midflight::live {
namespace {

using backends::PostgresConnection;

constexpr int kRoundsMax = 60;

/// A session that stands in the way until it is sent off.
class Holder {
 public:
  Holder(PostgresConnection session, const std::vector<std::string>& commands) : session_(std::move(session)) {
    session_.query("SET lock_timeout = '2s'");
    for (const std::string& command : commands) session_.query(command);
  }
  int process() const { return session_.process_id(); }
  void end() { session_.query("ROLLBACK"); }

 private:
  PostgresConnection session_;
};

std::string quoted(const std::string& relation) {
  const auto dot = relation.find('.');
  if (dot == std::string::npos) return backends::quoted_identifier(relation);
  return backends::quoted_identifier(relation.substr(0, dot)) + "." + backends::quoted_identifier(relation.substr(dot + 1));
}

std::vector<std::string> locking(const std::vector<std::string>& tables, const std::string& mode) {
  std::vector<std::string> commands = {"BEGIN"};
  for (const std::string& table : tables) commands.push_back("LOCK TABLE ONLY " + quoted(table) + " IN " + mode + " MODE");
  return commands;
}

Observation finish(Subject& subject, Observation seen) {
  seen.transaction_forbidden = true;
  seen.sqlstate = subject.reply().sqlstate;
  seen.message = subject.reply().message;
  seen.kinds = kinds_of(subject.before());
  return seen;
}

void note(const Waiting& waiting, Observation& seen) {
  for (const auto& [relation, mode] : waiting.asked) strengthen(seen.effects.locks, relation, mode);
  for (const auto& [relation, mode] : waiting.held) strengthen(seen.seen, relation, mode);
}

std::map<int, std::unique_ptr<Holder>> close_every_table(const Opener& open) {
  PostgresConnection session = open();
  std::map<int, std::unique_ptr<Holder>> gates;
  for (const auto& [oid, relation] : read_relations(session, Counters::OfServer)) {
    if (relation.kind != 'r' && relation.kind != 'p') continue;
    auto gate = std::make_unique<Holder>(open(), locking({relation.name}, "ACCESS EXCLUSIVE"));
    const int process = gate->process();
    gates.emplace(process, std::move(gate));
  }
  return gates;
}

void add_work(Subject& subject, Observation& seen, int major) {
  const Relations after = subject.after();
  compare_files(subject.before(), after, seen.effects);
  // Before version 15 counters travel through a collector of their own, some time later.
  seen.scans_seen = major >= 15;
  if (!seen.scans_seen) seen.effects.scans.clear();
}

/// The sessions in the way of the second run, by process id.
class Blockers {
 public:
  Blockers(const Opener& open, const std::vector<std::string>& tables) : open_(open), tables_(tables) {
    add_snapshot();
    add_writer_and_reader();
  }

  /// Notes whom the statement waits for, lets new ones begin behind them, and sends off the awaited.
  void pass(const Waiting& waiting, Observation& seen) {
    for (const int process : waiting.blockers) {
      const auto found = standing_.find(process);
      if (found == standing_.end()) throw Error(ErrorCode::Database, "it waits for a session that holds nothing up");
      Standing standing = std::move(found->second);
      standing_.erase(found);
      if (waiting.asked.empty()) note_wait(standing, waiting, seen);
      standing.holder->end();
    }
  }

 private:
  enum class Kind { Writer, Reader, Snapshot };
  struct Standing {
    Kind kind;
    int generation;
    std::unique_ptr<Holder> holder;
  };

  void add(Kind kind, const std::vector<std::string>& commands) {
    auto holder = std::make_unique<Holder>(open_(), commands);
    const int process = holder->process();
    standing_.emplace(process, Standing{kind, generation_, std::move(holder)});
  }
  void add_snapshot() { add(Kind::Snapshot, {"BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT 1"}); }
  void add_writer_and_reader() {
    add(Kind::Writer, locking(tables_, "ROW EXCLUSIVE"));
    add(Kind::Reader, locking(tables_, "ACCESS SHARE"));
  }

  // A session of the last generation is awaited: a new wait has begun, and only
  // what begins now will be in the way of the wait after it.
  void note_wait(const Standing& standing, const Waiting& waiting, Observation& seen) {
    if (standing.kind == Kind::Snapshot) {
      seen.waits.push_back({WaitsFor::OldSnapshots, waiting.held});
      add_snapshot();
      return;
    }
    const bool first = standing.generation == generation_;
    if (first) {
      ++generation_;
      add_writer_and_reader();
      seen.waits.push_back({WaitsFor::Writers, waiting.held});
      last_ = seen.waits.size() - 1;
    }
    if (standing.kind == Kind::Reader) seen.waits.at(last_).whom = WaitsFor::WritersAndReaders;
  }

  const Opener& open_;
  const std::vector<std::string>& tables_;
  std::map<int, Standing> standing_;
  int generation_ = 0;
  std::size_t last_ = 0;  ///< of the waits: the last one for writers
};

}  // namespace

Observation observe_requests(const Opener& open, const std::string& sql) {
  auto gates = close_every_table(open);
  PostgresConnection session = open(), watcher = open();
  const int major = watcher.major_version();
  Subject subject(std::move(session), std::move(watcher), sql);
  Observation seen;
  for (int round = 0; round < kRoundsMax; ++round) {
    const auto waiting = subject.next_wait();
    if (!waiting) break;
    note(*waiting, seen);
    for (const int process : waiting->blockers) gates.at(process)->end();
  }
  seen = finish(subject, std::move(seen));
  add_work(subject, seen, major);
  return seen;
}

Observation observe_waits(const Opener& open, const std::string& sql, const std::vector<std::string>& tables) {
  Blockers blockers(open, tables);
  Subject subject(open(), open(), sql);
  Observation seen;
  for (int round = 0; round < kRoundsMax; ++round) {
    const auto waiting = subject.next_wait();
    if (!waiting) break;
    note(*waiting, seen);
    blockers.pass(*waiting, seen);
  }
  return finish(subject, std::move(seen));
}

}  // namespace midflight::live
