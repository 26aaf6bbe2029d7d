#include "backends/postgres/sightings.h"

#include <algorithm>
#include <map>
#include <set>

#include "backends/postgres/values.h"

namespace midflight::backends {

// Source: PostgreSQL manual, "pg_locks".
const char* const kLockRowsSql =
    "SELECT l.pid, l.locktype, coalesce(c.relname::text, ''), coalesce(l.transactionid::text, l.virtualxid, ''), l.mode, l.granted "
    "FROM pg_locks l LEFT JOIN pg_class c ON c.oid = l.relation AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "WHERE l.locktype IN ('transactionid', 'virtualxid') OR (c.oid >= 16384 AND l.locktype IN ('relation', 'tuple'))";

namespace {

using Group = LockSighting::Group;

bool alike(const Group& a, const Group& b) { return a.session == b.session && a.work == b.work && a.mode == b.mode; }

class Sight {
 public:
  Sight(const std::vector<LockRow>& rows, const std::vector<std::shared_ptr<PostgresActivity>>& activities, Clock::time_point at)
      : rows_(rows), at_(at) {
    for (const auto& activity : activities) {
      if (activity->process != 0) activities_[activity->process] = activity.get();
    }
  }

  std::vector<LockSighting> all() {
    std::map<std::string, std::vector<const LockRow*>> waiting;
    for (const LockRow& row : rows_) {
      if (!row.granted) waiting[lock_of(row)].push_back(&row);
    }
    std::vector<LockSighting> sightings;
    for (auto& [lock, waiters] : waiting) {
      if (!lock.empty()) sightings.push_back({at_, lock, holders(waiters), in_order(waiters)});
    }
    return sightings;
  }

 private:
  std::string lock_of(const LockRow& row) const {
    if (row.type == "relation") return row.relation;
    if (row.type == "tuple") return "rows of " + row.relation;
    if (row.type == "virtualxid") return "transactions that " + name_of(row.process) + " must outlive";
    const auto tuple = std::find_if(rows_.begin(), rows_.end(), [&](const LockRow& r) { return r.process == row.process && r.type == "tuple"; });
    return tuple != rows_.end() ? "rows of " + tuple->relation : "the end of a transaction";
  }

  std::string name_of(std::int64_t process) const {
    const auto known = activities_.find(process);
    return known != activities_.end() ? known->second->session : "another session";
  }

  Group group_of(const LockRow& row, std::string mode) const {
    const auto known = activities_.find(row.process);
    if (known == activities_.end()) return {"another session", kNoWork, std::move(mode), 1, at_};
    const PostgresActivity& activity = *known->second;
    const std::int64_t began = activity.began_ns;
    const Clock::time_point since = began != 0 ? Clock::time_point(std::chrono::nanoseconds(began)) : at_;
    return {activity.work != kNoWork ? "" : activity.session, activity.work, std::move(mode), 1, since};
  }

  std::vector<Group> in_order(const std::vector<const LockRow*>& rows) const {
    std::vector<Group> waiters;
    for (const LockRow* row : rows) {
      waiters.push_back(group_of(*row, row->type == "relation" ? row->mode : row->type == "virtualxid" ? "their end" : "a row lock"));
    }
    std::stable_sort(waiters.begin(), waiters.end(), [](const Group& a, const Group& b) { return a.since < b.since; });
    std::vector<Group> groups;
    for (Group& waiter : waiters) {
      if (!groups.empty() && alike(groups.back(), waiter)) ++groups.back().count;
      else groups.push_back(std::move(waiter));
    }
    return groups;
  }

  /// Of a relation all who have it; of rows those whose end is awaited.
  std::vector<Group> holders(const std::vector<const LockRow*>& waiters) const {
    std::map<std::int64_t, Group> by_process;
    for (const LockRow& row : rows_) {
      if (!row.granted) continue;
      for (const LockRow* waiter : waiters) {
        const bool same = row.type == waiter->type && row.relation == waiter->relation && row.transaction == waiter->transaction;
        if (!same || row.process == waiter->process) continue;
        add_mode(by_process, row, waiter->type);
        break;
      }
    }
    std::vector<Group> groups;
    for (auto& [process, group] : by_process) {
      const auto known = std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return alike(g, group); });
      if (known == groups.end()) groups.push_back(std::move(group));
      else ++known->count, known->since = std::min(known->since, group.since);
    }
    return groups;
  }

  void add_mode(std::map<std::int64_t, Group>& by_process, const LockRow& row, const std::string& awaited) const {
    const std::string mode = awaited == "relation" ? row.mode : awaited == "virtualxid" ? "a transaction begun earlier" : "row locks";
    const auto [known, fresh] = by_process.emplace(row.process, group_of(row, mode));
    if (!fresh && postgres_lock_mode(known->second.mode) < postgres_lock_mode(mode)) known->second.mode = mode;
  }

  const std::vector<LockRow>& rows_;
  const Clock::time_point at_;
  std::map<std::int64_t, const PostgresActivity*> activities_;
};

}  // namespace

LockRow lock_row(const Row& row) {
  const auto text = [&](std::size_t column) { return std::get<std::string>(row[column]); };
  return {std::get<std::int64_t>(row[0]), text(1), text(2), text(3), text(4), std::get<std::int64_t>(row[5]) != 0};
}

std::vector<LockSighting> sight(const std::vector<LockRow>& rows, const std::vector<std::shared_ptr<PostgresActivity>>& activities,
                                Clock::time_point at) {
  return Sight(rows, activities, at).all();
}

}  // namespace midflight::backends
