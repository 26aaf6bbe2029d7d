#include "tests/live/outside.h"

#include <memory>

#include "tests/live/gates.h"
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

std::vector<std::string> locking(const std::vector<std::string>& tables, const std::string& mode) {
  std::vector<std::string> commands = {"BEGIN"};
  for (const std::string& table : tables) commands.push_back("LOCK TABLE ONLY " + quoted_relation(table) + " IN " + mode + " MODE");
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

void add_work(Subject& subject, Observation& seen, int major) {
  const Relations after = subject.after();
  compare_files(subject.before(), after, seen.effects);
  // Before version 15 counters travel through a collector of their own, some time later.
  seen.scans_seen = major >= 15;
  if (!seen.scans_seen) seen.effects.scans.clear();
}

/// One generation after the other of sessions that hold a lock, and of old
/// snapshots beside them.  Never two kinds of locks at once: which of them a
/// wait is for could not be told.
class Blockers {
 public:
  Blockers(const Opener& open, std::vector<std::string> lock) : open_(open), lock_(std::move(lock)) {
    begin(true);
    begin(false);
  }

  /// Notes the wait, lets a new session begin behind it, and sends off the awaited.
  void pass(const Waiting& waiting, std::vector<HeldUp>& waits) {
    for (const int process : waiting.blockers) {
      const auto found = standing_.find(process);
      if (found == standing_.end()) continue;  // on its way out
      const Standing standing = std::move(found->second);
      standing_.erase(found);
      if (waiting.asked.empty()) {
        waits.push_back({standing.snapshot, waiting.held});
        begin(standing.snapshot);
      }
      standing.holder->end();
    }
  }

 private:
  struct Standing {
    bool snapshot;
    std::unique_ptr<Holder> holder;
  };

  void begin(bool snapshot) {
    const std::vector<std::string> with_snapshot = {"BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT 1"};
    auto holder = std::make_unique<Holder>(open_(), snapshot ? with_snapshot : lock_);
    const int process = holder->process();
    standing_.emplace(process, Standing{snapshot, std::move(holder)});
  }

  const Opener& open_;
  std::vector<std::string> lock_;
  std::map<int, Standing> standing_;
};

/// How many waits there were before, between and after those for old snapshots.
std::vector<int> counts_between_snapshots(const std::vector<HeldUp>& waits) {
  std::vector<int> counts = {0};
  for (const HeldUp& wait : waits) {
    if (wait.by_snapshot) counts.push_back(0);
    else ++counts.back();
  }
  return counts;
}

}  // namespace

Observation observe_requests(const Opener& open, const std::string& sql) {
  Gates gates(open);
  PostgresConnection session = open(), watcher = open();
  const int major = watcher.major_version();
  Subject subject(std::move(session), std::move(watcher), sql);
  Observation seen;
  for (int round = 0; round < kRoundsMax; ++round) {
    const auto waiting = subject.next_wait();
    if (!waiting) break;
    note(*waiting, seen);
    gates.open_those(waiting->blockers);
  }
  seen = finish(subject, std::move(seen));
  add_work(subject, seen, major);
  return seen;
}

Held observe_held_up(const Opener& open, const std::string& sql, const std::vector<std::string>& tables, const std::string& mode) {
  Blockers blockers(open, locking(tables, mode));
  Subject subject(open(), open(), sql);
  Held held;
  for (int round = 0; round < kRoundsMax; ++round) {
    const auto waiting = subject.next_wait();
    if (!waiting) break;
    note(*waiting, held.seen);
    blockers.pass(*waiting, held.waits);
  }
  held.seen = finish(subject, std::move(held.seen));
  return held;
}

// Whoever waits for readers waits for writers as well; between two snapshots
// the waits for both are taken to come last, as in every statement there is.
std::vector<Wait> merged_waits(const std::vector<HeldUp>& by_writers, const std::vector<HeldUp>& by_readers) {
  const std::vector<int> readers = counts_between_snapshots(by_readers);
  std::vector<int> left = counts_between_snapshots(by_writers);
  std::vector<Wait> waits;
  std::size_t span = 0;
  for (const HeldUp& wait : by_writers) {
    if (wait.by_snapshot) {
      waits.push_back({WaitsFor::OldSnapshots, wait.held});
      ++span;
      continue;
    }
    const bool both = span < readers.size() && left[span]-- <= readers[span];
    waits.push_back({both ? WaitsFor::WritersAndReaders : WaitsFor::Writers, wait.held});
  }
  return waits;
}

}  // namespace midflight::live
