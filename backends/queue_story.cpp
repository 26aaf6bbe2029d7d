#include "backends/queue_story.h"

#include <algorithm>
#include <map>

#include "sim/kernel/count_text.h"

namespace midflight::backends {
namespace {

constexpr std::size_t kGroupsMax = 12;  // as in a simulated run: farther back kinds are not told apart

std::string without(const std::string& text, const std::string& prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

bool is_step(const QueueGroup& group) { return group.who.starts_with("step "); }

bool has(const std::vector<QueueGroup>& groups, const std::string& who) {
  return std::any_of(groups.begin(), groups.end(), [&](const QueueGroup& g) { return g.who == who; });
}

std::int64_t requests_in(const std::vector<QueueGroup>& groups) {
  std::int64_t n = 0;
  for (const QueueGroup& group : groups) n += group.requests ? group.count : 0;
  return n;
}

void add_sentence(std::string& text, const std::string& sentence) { text += (text.empty() ? "" : "; ") + sentence; }

/// What must have happened to a lock between two samples.
std::string difference(const QueueMoment& before, const QueueMoment& now) {
  std::string what;
  for (const QueueGroup& group : now.waiters) {
    if (!group.requests && !has(before.waiters, group.who)) add_sentence(what, group.who + " waits for " + group.mode + " on " + now.lock);
  }
  for (const QueueGroup& group : now.holders) {
    if (is_step(group) && !has(before.holders, group.who)) add_sentence(what, group.who + " has " + group.mode + " on " + now.lock);
  }
  for (const QueueGroup& group : before.holders) {
    if (is_step(group) && !has(now.holders, group.who)) add_sentence(what, group.who + " gives back its lock on " + now.lock);
  }
  for (const QueueGroup& group : before.waiters) {
    const bool gone = !group.requests && !has(now.waiters, group.who) && !has(now.holders, group.who);
    if (gone) add_sentence(what, group.who + " is not in the queue any more");
  }
  const std::int64_t joined = requests_in(now.waiters) - requests_in(before.waiters), gone = -joined - now.failed;
  if (joined > 0) add_sentence(what, count_text(joined, "request") + (joined == 1 ? " joins the queue" : " join the queue"));
  if (now.failed > 0) add_sentence(what, count_text(now.failed, "request") + (now.failed == 1 ? " gives up" : " give up"));
  if (gone > 0) add_sentence(what, count_text(gone) + " of the queue " + (gone == 1 ? "goes on" : "go on"));
  if (what.empty()) what = now.waiters.empty() ? "nobody waits any more" : "the queue stands";
  return what;
}

class Teller {
 public:
  Teller(const ClientApplication& application, const std::vector<RequestRecord>& requests, const RunClock& clock)
      : application_(application), requests_(requests), clock_(clock) {}

  QueueMoment tell(const LockSighting& sighting) {
    QueueMoment& before = before_[sighting.lock];
    QueueMoment moment{clock_.at(sighting.at), sighting.lock, "", groups(sighting.holders), groups(sighting.waiters), 0, 0};
    moment.without_connection = std::count_if(requests_.begin(), requests_.end(), [&](const RequestRecord& r) {
      const Instant served = r.began > r.arrival ? r.began : r.end;  // never, where the pool timed out
      return r.arrival <= moment.at && moment.at < served;
    });
    moment.failed = failed_since(before, moment.at);
    moment.what = difference(before, moment);
    before = moment;
    return moment;
  }

 private:
  std::vector<QueueGroup> groups(const std::vector<LockSighting::Group>& seen) const {
    std::vector<QueueGroup> groups;
    for (const LockSighting::Group& g : seen) {
      const bool request = g.work != kNoWork;
      QueueGroup group{request ? application_.work_name(g.work) : without(g.session, "background "), g.mode, g.count, request, clock_.at(g.since)};
      const bool far = request && groups.size() >= kGroupsMax;
      if (far) group.who = "requests of several kinds", group.mode.clear();
      if (far && groups.back().who == group.who) groups.back().count += group.count;
      else groups.push_back(std::move(group));
    }
    return groups;
  }

  /// Requests of the kinds that were last seen waiting for it.
  std::int64_t failed_since(const QueueMoment& before, Instant at) const {
    if (before.waiters.empty()) return 0;
    return std::count_if(requests_.begin(), requests_.end(), [&](const RequestRecord& r) {
      return r.error != 0 && r.lock_wait > Duration{} && r.end > before.at && r.end <= at &&
             has(before.waiters, application_.work_name(application_.work(r.version, r.endpoint)));
    });
  }

  const ClientApplication& application_;
  const std::vector<RequestRecord>& requests_;
  const RunClock& clock_;
  std::map<std::string, QueueMoment> before_;  ///< by lock
};

}  // namespace

std::vector<QueueMoment> told_queues(const std::vector<LockSighting>& sightings, const ClientApplication& application,
                                     const std::vector<RequestRecord>& requests, const RunClock& clock) {
  Teller teller(application, requests, clock);
  std::vector<QueueMoment> moments;
  for (const LockSighting& sighting : sightings) {
    if (clock.at(sighting.at) >= Instant{}) moments.push_back(teller.tell(sighting));
  }
  return moments;
}

}  // namespace midflight::backends
