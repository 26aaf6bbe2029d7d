#include "backends/queue_story.h"

#include <gtest/gtest.h>

#include "backends/postgres/sightings.h"
#include "tests/unit/backends/builders.h"

namespace midflight::backends {
namespace {

using std::chrono::milliseconds;

constexpr Clock::time_point kZero{};

Clock::time_point ms(int n) { return kZero + milliseconds(n); }

/// Sessions with their processes: report 1, step change 2, requests from 3 on.
struct Sessions {
  PostgresActivities all;
  std::vector<std::shared_ptr<PostgresActivity>> kept;
  void add(const std::string& name, int process, Clock::time_point began, int work = kNoWork) {
    kept.push_back(all.add(name, Role::Client));
    kept.back()->process = process;
    kept.back()->work = work;
    kept.back()->began_ns = clock_ns(began);
  }
  std::vector<LockSighting> sight(const std::vector<LockRow>& rows) const { return backends::sight(rows, kept, ms(500)); }
};

LockRow on_users(int process, const std::string& mode, bool granted) { return {process, "relation", "users", "", mode, granted}; }

TEST(Sightings, WaitersStandInTheOrderInWhichTheyCame) {
  Sessions s;
  s.add("background report", 1, ms(100));
  s.add("instance 0", 4, ms(320), 0);
  s.add("step change", 2, ms(300));
  s.add("instance 1", 3, ms(310), 0);
  s.add("instance 1", 5, ms(330), 1);
  const auto seen = s.sight({on_users(1, "AccessShareLock", true), on_users(5, "AccessShareLock", false), on_users(4, "AccessShareLock", false),
                             on_users(3, "AccessShareLock", false), on_users(2, "AccessExclusiveLock", false), {1, "relation", "other", "", "AccessShareLock", true}});
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].lock, "users");
  ASSERT_EQ(seen[0].holders.size(), 1U);
  EXPECT_EQ(seen[0].holders[0].session, "background report");
  ASSERT_EQ(seen[0].waiters.size(), 3U);
  EXPECT_EQ(seen[0].waiters[0].session, "step change");
  EXPECT_EQ(seen[0].waiters[1].work, 0);
  EXPECT_EQ(seen[0].waiters[1].count, 2);
  EXPECT_EQ(seen[0].waiters[1].since, ms(310));
  EXPECT_EQ(seen[0].waiters[2].work, 1);
}

TEST(Sightings, AHolderCountsWithItsStrongestMode) {
  Sessions s;
  s.add("step change", 2, ms(300));
  s.add("instance 0", 3, ms(310), 0);
  const auto seen = s.sight({on_users(2, "ShareLock", true), on_users(2, "AccessExclusiveLock", true), on_users(2, "RowShareLock", true),
                             on_users(3, "AccessShareLock", false)});
  ASSERT_EQ(seen.at(0).holders.size(), 1U);
  EXPECT_EQ(seen[0].holders[0].mode, "AccessExclusiveLock");
}

// A row's lock is awaited as the end of a transaction; the tuple says of which table.
TEST(Sightings, RowsAreNamedByTheirTable) {
  Sessions s;
  s.add("step change", 2, ms(300));
  s.add("instance 0", 3, ms(310), 0);
  const auto seen = s.sight({{2, "transactionid", "", "777", "ExclusiveLock", true}, {3, "transactionid", "", "777", "ShareLock", false},
                             {3, "tuple", "users", "", "ExclusiveLock", true}, {3, "transactionid", "", "778", "ExclusiveLock", true}});
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].lock, "rows of users");
  EXPECT_EQ(seen[0].holders.at(0).session, "step change");
  EXPECT_EQ(seen[0].holders[0].mode, "row locks");
}

TEST(Sightings, AStepThatMustOutliveTransactionsSaysWhose) {
  Sessions s;
  s.add("background report", 1, ms(100));
  s.add("step index", 2, ms(300));
  const auto seen = s.sight({{1, "virtualxid", "", "3/9", "ExclusiveLock", true}, {2, "virtualxid", "", "4/1", "ExclusiveLock", true},
                             {2, "virtualxid", "", "3/9", "ShareLock", false}});
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].lock, "transactions that step index must outlive");
  ASSERT_EQ(seen[0].holders.size(), 1U);
  EXPECT_EQ(seen[0].holders[0].session, "background report");
}

/// One version with the endpoints profile and rename.
struct Told {
  Small small{100};
  Catalogue catalogue{small.scenario.schema, {}, {}};
  ClientApplication application{small.scenario.app.versions, catalogue, {Engine::Postgresql, 15}};
  std::vector<RequestRecord> requests;
  std::vector<LockSighting> sightings;

  static LockSighting::Group work(std::int64_t count) { return {"", 0, "AccessShareLock", count, ms(300)}; }
  static LockSighting::Group step(const char* mode) { return {"step change", kNoWork, mode, 1, ms(300)}; }
  static LockSighting::Group report() { return {"background report", kNoWork, "AccessShareLock", 1, ms(100)}; }
  std::vector<std::string> what() const {
    std::vector<std::string> all;
    for (const QueueMoment& m : told_queues(sightings, application, requests, RunClock{kZero})) all.push_back(m.what);
    return all;
  }
};

TEST(QueueStory, TellsWhatMustHaveHappenedBetweenTwoSamples) {
  Told t;
  t.sightings = {{ms(300), "users", {Told::report()}, {Told::step("AccessExclusiveLock")}},
                 {ms(400), "users", {Told::report()}, {Told::step("AccessExclusiveLock"), Told::work(3)}},
                 {ms(500), "users", {Told::step("AccessExclusiveLock")}, {Told::work(2)}},
                 {ms(600), "users", {Told::step("AccessExclusiveLock")}, {Told::work(2)}},
                 {ms(700), "users", {}, {}}};
  EXPECT_EQ(t.what(), (std::vector<std::string>{
                          "step change waits for AccessExclusiveLock on users", "3 requests join the queue",
                          "step change has AccessExclusiveLock on users; 1 of the queue goes on", "the queue stands",
                          "step change gives back its lock on users; 2 of the queue go on"}));
}

// It arrived at 350 ms and got a connection at 450 ms; another failed at 470 ms, having waited.
TEST(QueueStory, CountsRequestsWithoutAConnectionAndThoseThatGaveUp) {
  Told t;
  RequestRecord late;
  late.arrival = t.requests.emplace_back().arrival = Instant{350'000'000};
  t.requests[0].began = Instant{450'000'000};
  t.requests[0].end = Instant{800'000'000};
  late.began = Instant{351'000'000};
  late.end = Instant{470'000'000};
  late.lock_wait = Duration::milliseconds(100);
  late.error = 1;
  t.requests.push_back(late);
  t.sightings = {{ms(400), "users", {Told::report()}, {Told::work(2)}}, {ms(500), "users", {Told::report()}, {Told::work(1)}}};
  const auto moments = told_queues(t.sightings, t.application, t.requests, RunClock{kZero});
  ASSERT_EQ(moments.size(), 2U);
  EXPECT_EQ(moments[0].without_connection, 1);
  EXPECT_EQ(moments[1].without_connection, 0);
  EXPECT_EQ(moments[0].failed, 0);
  EXPECT_EQ(moments[1].failed, 1);
  EXPECT_EQ(moments[1].what, "1 request gives up");
}

TEST(QueueStory, BeginsWithThePlan) {
  Told t;
  t.sightings = {{kZero - milliseconds(50), "users", {Told::report()}, {Told::work(1)}}, {ms(50), "users", {}, {}}};
  EXPECT_EQ(t.what(), (std::vector<std::string>{"nobody waits any more"}));
}

}  // namespace
}  // namespace midflight::backends
