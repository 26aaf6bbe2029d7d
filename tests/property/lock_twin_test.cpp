#include <gtest/gtest.h>

#include "sim/kernel/random.h"
#include "tests/support/lock_twin.h"

// The lock manager against its slow twin, on random transactions.

namespace midflight::testing {
namespace {

constexpr locks::SessionId kSessions = 8;
constexpr locks::RelationId kRelations = 3;

/// Weak modes far more often than strong ones, or everybody just waits.
LockMode random_mode(Random& random) {
  constexpr int kWeights[kLockModes] = {8, 3, 6, 2, 1, 1, 1, 2};
  auto at = static_cast<int>(random.below(24));
  std::size_t mode = 0;
  while (at >= kWeights[mode]) at -= kWeights[mode++];
  return static_cast<LockMode>(mode);
}

class Pair {
 public:
  Pair() {
    for (locks::RelationId r = 0; r < kRelations; ++r) fast.add_relation(r);
    for (locks::SessionId s = 0; s < kSessions; ++s) fast.add_session(s);
  }
  void step(Random& random) {
    const auto session = static_cast<locks::SessionId>(random.below(kSessions));
    const auto what = random.below(10);
    if (fast.waiting(session)) {
      if (what < 2) give_up(session);
    } else if (what < 6) {
      ask(session, static_cast<locks::RelationId>(random.below(kRelations)), random_mode(random));
    } else if (what < 9) {
      fast.release(session);
      slow.release(session);
    } else {
      wait_for_row(session, static_cast<locks::SessionId>(random.below(kSessions)));
    }
  }
  void compare() {
    const std::set<locks::SessionId> granted(fast.granted().begin(), fast.granted().end());
    ASSERT_EQ(granted, slow.granted);
    fast.granted().clear();
    slow.granted.clear();
    std::int64_t waiters = 0;
    for (locks::SessionId s = 0; s < kSessions; ++s) {
      ASSERT_EQ(fast.waiting(s), slow.waiting(s)) << "session " << s;
      waiters += slow.waiting(s);
      for (locks::RelationId r = 0; r < kRelations; ++r) compare_locks(s, r);
    }
    ASSERT_EQ(fast.waiters(), waiters);
    for (locks::RelationId r = 0; r < kRelations; ++r) ASSERT_EQ(fast.modes(r), modes(r));
  }

  locks::LockManager fast;
  LockTwin slow;
  std::int64_t deadlocks = 0;  ///< seen at once

 private:
  void ask(locks::SessionId session, locks::RelationId relation, LockMode mode) {
    const locks::Ask answer = fast.ask(session, relation, mode, Instant{});
    ASSERT_EQ(answer, slow.ask(session, relation, mode));
    deadlocks += answer == locks::Ask::Deadlock;
  }
  void give_up(locks::SessionId session) {
    fast.cancel(session);
    slow.cancel(session);
    fast.release(session);
    slow.release(session);
  }
  void wait_for_row(locks::SessionId session, locks::SessionId holder) {
    if (holder == session || !fast.holds_any(holder)) return;
    fast.wait_for_session(session, holder, Instant{});
    slow.wait_for_session(session, holder);
  }
  void compare_locks(locks::SessionId s, locks::RelationId r) {
    for (std::size_t m = 0; m < kLockModes; ++m) {
      ASSERT_EQ(fast.holds(s, r, static_cast<LockMode>(m)), slow.holds(s, r, static_cast<LockMode>(m)))
          << "session " << s << " relation " << r << " mode " << m;
    }
  }
  std::uint8_t modes(locks::RelationId r) {
    std::uint8_t all = 0;
    for (const LockTwin::Lock& l : slow.held[r]) all |= lock_bit(l.mode);
    for (const LockTwin::Lock& l : slow.queued[r]) all |= lock_bit(l.mode);
    return all;
  }
};

TEST(LockManagerAndItsTwin, AgreeAfterEveryOneOf200000RandomSteps) {
  Pair pair;
  Random random({11, 0, stream_id("lock twin")});
  std::int64_t waited = 0;
  for (int i = 0; i < 200'000 && !::testing::Test::HasFatalFailure(); ++i) {
    SCOPED_TRACE(i);
    pair.step(random);
    pair.compare();
    waited += pair.fast.waiters();
  }
  EXPECT_GT(waited, 200'000) << "the locks are hardly contended: the comparison says little";
  EXPECT_GT(pair.deadlocks, 100);
}

/// Asks, ends and deadlock checks at random; checkers that must give up do.
TEST(LockManagerInvariants, HoldThroughRandomDeadlocks) {
  locks::LockManager locks;
  for (locks::RelationId r = 0; r < kRelations; ++r) locks.add_relation(r);
  for (locks::SessionId s = 0; s < kSessions; ++s) locks.add_session(s);
  Random random({12, 0, stream_id("lock invariants")});
  std::int64_t victims = 0, reordered = 0;
  for (int i = 0; i < 200'000; ++i) {
    const auto session = static_cast<locks::SessionId>(random.below(kSessions));
    if (!locks.waiting(session)) {
      if (random.below(5) == 0) locks.release(session);
      else locks.ask(session, static_cast<locks::RelationId>(random.below(kRelations)), random_mode(random), Instant{});
    } else {
      const auto found = locks.check_deadlock(session);
      reordered += found == locks::LockManager::Deadlock::Reordered;
      if (found == locks::LockManager::Deadlock::Victim) {
        ++victims;
        locks.cancel(session);
        locks.release(session);
      }
    }
    for (const locks::SessionId s : locks.granted()) ASSERT_FALSE(locks.waiting(s)) << i;
    locks.granted().clear();
    ASSERT_TRUE(locks.consistent()) << "conflicting locks held at step " << i;
  }
  EXPECT_GT(victims, 1000);
  EXPECT_GT(reordered, 100);

  // Nobody is forgotten: when everyone who runs ends, everyone runs and ends.
  for (int rounds = 0; locks.waiters() > 0 && rounds < 1000; ++rounds) {
    for (locks::SessionId s = 0; s < kSessions; ++s) {
      if (!locks.waiting(s)) locks.release(s);
      else if (locks.check_deadlock(s) == locks::LockManager::Deadlock::Victim) locks.cancel(s), locks.release(s);
    }
  }
  EXPECT_EQ(locks.waiters(), 0);
}

}  // namespace
}  // namespace midflight::testing
