#include "sim/locks/lock_manager.h"

#include <gtest/gtest.h>

namespace midflight::locks {
namespace {

constexpr RelationId kUsers = 1, kOrders = 2;
constexpr LockMode kShare = LockMode::AccessShareLock, kWrite = LockMode::RowExclusiveLock,
                   kStrong = LockMode::AccessExclusiveLock;

class LockManagerTest : public ::testing::Test {
 protected:
  LockManagerTest() {
    for (RelationId r = 0; r < 12; ++r) locks.add_relation(r);
    for (SessionId s = 0; s < 10; ++s) locks.add_session(s);
  }
  Ask ask(SessionId session, LockMode mode, RelationId relation = kUsers) {
    return locks.ask(session, relation, mode, Instant{});
  }
  std::vector<SessionId> granted() {
    const std::vector<SessionId> now = locks.granted();
    locks.granted().clear();
    return now;
  }
  using Ids = std::vector<SessionId>;

  LockManager locks;
};

TEST_F(LockManagerTest, ReadersShareATable) {
  EXPECT_EQ(ask(0, kShare), Ask::Granted);
  EXPECT_EQ(ask(1, kShare), Ask::Granted);
  EXPECT_EQ(ask(2, kWrite), Ask::Granted);
}

TEST_F(LockManagerTest, WaitingExclusiveRequestBlocksReadersBehindIt) {
  ask(0, kShare);
  EXPECT_EQ(ask(1, kStrong), Ask::Waits);
  EXPECT_EQ(ask(2, kShare), Ask::Waits);
  EXPECT_TRUE(locks.obstructs(1, kUsers, kShare));
  EXPECT_FALSE(locks.obstructs(0, kUsers, kShare));

  locks.release(0);
  EXPECT_EQ(granted(), Ids{1});
  locks.release(1);
  EXPECT_EQ(granted(), Ids{2});
}

TEST_F(LockManagerTest, OtherTablesAreNotTouchedByAQueue) {
  ask(0, kShare);
  ask(1, kStrong);
  EXPECT_EQ(ask(2, kShare, kOrders), Ask::Granted);
}

TEST_F(LockManagerTest, HolderGoesBeforeAWaiterItObstructs) {
  ask(0, kShare);
  ask(1, kStrong);
  // The ALTER cannot go before session 0 in any case, so session 0 need not wait for it.
  EXPECT_EQ(ask(0, kWrite), Ask::Granted);
  EXPECT_TRUE(locks.waiting(1));
}

TEST_F(LockManagerTest, HolderThatMustWaitStandsBeforeTheWaiterItObstructs) {
  ask(0, kShare);
  ask(3, kWrite);
  ask(1, kStrong);
  // Conflicts with session 3, which holds; goes before session 1, which waits for 0.
  EXPECT_EQ(ask(0, LockMode::ShareLock), Ask::Waits);
  locks.release(3);
  EXPECT_EQ(granted(), Ids{0});
  locks.release(0);
  EXPECT_EQ(granted(), Ids{1});
}

TEST_F(LockManagerTest, WaiterThatGivesUpWakesThoseBehindIt) {
  ask(0, kShare);
  ask(1, kStrong);
  ask(2, kShare);
  ask(3, kWrite);
  locks.cancel(1);
  EXPECT_EQ(granted(), (Ids{2, 3}));
  EXPECT_EQ(locks.waiters(), 0);
  EXPECT_EQ(locks.modes(kUsers), lock_bit(kShare) | lock_bit(kWrite));
}

TEST_F(LockManagerTest, CompatibleWaitersAreGrantedTogether) {
  ask(0, kStrong);
  ask(1, kShare);
  ask(2, kWrite);
  ask(3, LockMode::ShareLock);  // not beside session 2
  ask(4, kShare);
  locks.release(0);
  EXPECT_EQ(granted(), (Ids{1, 2, 4}));
  EXPECT_TRUE(locks.waiting(3));
}

TEST_F(LockManagerTest, WaitersAreGrantedInOrderOfArrival) {
  ask(0, kStrong);
  for (const SessionId s : {4U, 2U, 7U}) ask(s, kStrong);
  Ids order;
  for (SessionId holder = 0; locks.waiters() > 0; holder = order.back()) {
    locks.release(holder);
    const Ids now = granted();
    ASSERT_EQ(now.size(), 1U);
    order.push_back(now.front());
  }
  EXPECT_EQ(order, (Ids{4, 2, 7}));
}

TEST_F(LockManagerTest, ModeThatIsHeldIsGrantedAgainPastAnyQueue) {
  ask(0, kShare);
  ask(1, kStrong);
  EXPECT_EQ(ask(0, kShare), Ask::Granted);
  locks.release(0);  // gives both back
  EXPECT_EQ(granted(), Ids{1});
}

TEST_F(LockManagerTest, WeakerModeIsAskedForBesideTheStrongerOne) {
  ask(0, kStrong);
  EXPECT_EQ(ask(0, kShare), Ask::Granted);
  EXPECT_EQ(ask(1, kShare), Ask::Waits);
}

TEST_F(LockManagerTest, SessionMayHoldManyLocks) {
  for (RelationId r = 0; r < 12; ++r) {
    EXPECT_EQ(ask(0, kWrite, r), Ask::Granted);
    EXPECT_EQ(ask(0, kShare, r), Ask::Granted);
  }
  for (RelationId r = 0; r < 12; ++r) EXPECT_TRUE(locks.obstructs(0, r, LockMode::ShareLock));
  locks.release(0);
  for (RelationId r = 0; r < 12; ++r) EXPECT_EQ(locks.modes(r) & lock_bit(kWrite), 0) << r;
  EXPECT_FALSE(locks.holds_any(0));
}

TEST_F(LockManagerTest, LocksPastTheFirstFewAreUsedAgainAfterARelease) {
  for (int round = 0; round < 3; ++round) {
    for (RelationId r = 0; r < 12; ++r) ask(0, kStrong, r);
    EXPECT_TRUE(locks.holds(0, 11, kStrong));
    locks.release(0);
    for (RelationId r = 0; r < 12; ++r) ASSERT_EQ(locks.modes(r), 0);
  }
}

TEST_F(LockManagerTest, WaitForASessionEndsWithItsTransaction) {
  ask(0, kWrite);
  locks.wait_for_session(1, 0, Instant{5});
  locks.wait_for_session(2, 0, Instant{6});
  EXPECT_TRUE(locks.waiting(1));
  EXPECT_EQ(locks.waiting_since(2), Instant{6});
  EXPECT_EQ(locks.waiters(), 2);
  locks.release(0);
  EXPECT_EQ(granted(), (Ids{1, 2}));
  EXPECT_EQ(locks.waiters(), 0);
}

TEST_F(LockManagerTest, WaitForASessionCanBeGivenUp) {
  ask(0, kWrite);
  locks.wait_for_session(1, 0, Instant{});
  locks.cancel(1);
  locks.release(0);
  EXPECT_EQ(granted(), Ids{});
}

TEST_F(LockManagerTest, GrantThatNobodyHasSeenYetCanBeGivenUp) {
  ask(0, kStrong);
  ask(1, kShare);
  locks.release(0);
  locks.cancel(1);
  locks.release(1);
  EXPECT_EQ(granted(), Ids{});
  EXPECT_EQ(locks.modes(kUsers), 0);
}

TEST_F(LockManagerTest, CheckerOfAHardCycleIsTheVictim) {
  ask(0, kWrite, kUsers);
  ask(1, kWrite, kOrders);
  ask(0, kStrong, kOrders);
  EXPECT_EQ(locks.check_deadlock(0), LockManager::Deadlock::None);
  ask(1, kStrong, kUsers);
  EXPECT_EQ(locks.check_deadlock(0), LockManager::Deadlock::Victim);

  locks.cancel(0);
  locks.release(0);
  EXPECT_EQ(granted(), Ids{1});
}

TEST_F(LockManagerTest, CycleThroughARowIsACycle) {
  ask(0, kWrite, kUsers);
  ask(1, kWrite, kUsers);
  locks.wait_for_session(0, 1, Instant{});
  locks.wait_for_session(1, 0, Instant{});
  EXPECT_EQ(locks.check_deadlock(1), LockManager::Deadlock::Victim);
}

TEST_F(LockManagerTest, WaitForASessionWithoutLocksIsInNoCycle) {
  ask(0, kWrite);
  locks.wait_for_session(0, 2, Instant{});
  ask(1, kStrong);
  EXPECT_EQ(locks.check_deadlock(1), LockManager::Deadlock::None);
}

//  users: 0 and 1 hold Share, both want to write
// 0 waits for 1; 1 would wait for 0, so it need not wait for deadlock_timeout to know.
TEST_F(LockManagerTest, SecondOfTwoThatBlockEachOtherOnOneTableIsTheVictimAtOnce) {
  ask(0, LockMode::ShareLock);
  ask(1, LockMode::ShareLock);
  EXPECT_EQ(ask(0, kWrite), Ask::Waits);
  EXPECT_EQ(ask(1, kWrite), Ask::Deadlock);
  EXPECT_FALSE(locks.waiting(1));
  EXPECT_EQ(locks.waiters(), 1);

  locks.release(1);
  EXPECT_EQ(granted(), Ids{0});
}

//  users: 0 holds RowExclusive, 1 holds AccessShare and waits in Share for 0; 0 goes up to ShareUpdateExclusive
// 1 must wait for 0, 0 need not wait for anything 1 holds: it goes before 1.
TEST_F(LockManagerTest, WaiterThatHoldsNothingInTheWayIsNoDeadlock) {
  ask(0, kWrite);
  ask(1, kShare);
  EXPECT_EQ(ask(1, LockMode::ShareLock), Ask::Waits);
  EXPECT_EQ(ask(0, LockMode::ShareUpdateExclusiveLock), Ask::Granted);
}

// Over two tables nobody sees it before deadlock_timeout.
TEST_F(LockManagerTest, DeadlockOverTwoTablesIsNotSeenAtOnce) {
  ask(0, kWrite, kUsers);
  ask(1, kWrite, kOrders);
  EXPECT_EQ(ask(0, kStrong, kOrders), Ask::Waits);
  EXPECT_EQ(ask(1, kStrong, kUsers), Ask::Waits);
}

//  users:  0 holds ShareUpdateExclusive; 1 waits for it in Share; 2, behind 1 only, in RowExclusive
//  orders: 2 holds what 0 wants
// Session 2 waits for nobody who holds: put before 1 it runs, and the cycle is gone.
TEST_F(LockManagerTest, CycleOverMereQueueOrderIsResolvedByReordering) {
  ask(0, LockMode::ShareUpdateExclusiveLock, kUsers);
  ask(2, kWrite, kOrders);
  EXPECT_EQ(ask(1, LockMode::ShareLock, kUsers), Ask::Waits);
  EXPECT_EQ(ask(2, kWrite, kUsers), Ask::Waits);
  EXPECT_EQ(ask(0, kStrong, kOrders), Ask::Waits);
  EXPECT_EQ(locks.check_deadlock(0), LockManager::Deadlock::Reordered);
  EXPECT_EQ(granted(), Ids{2});
  locks.release(2);
  EXPECT_EQ(granted(), Ids{0});
  locks.release(0);
  EXPECT_EQ(granted(), Ids{1});
}

TEST_F(LockManagerTest, HoldersAreThoseWhoseLocksConflict) {
  ask(0, kShare);
  ask(1, kWrite);
  EXPECT_EQ(locks.holders(kUsers, kStrong, 5), (Ids{0, 1}));
  EXPECT_EQ(locks.holders(kUsers, LockMode::ShareLock, 5), Ids{1});
  EXPECT_EQ(locks.holders(kUsers, kStrong, 1), Ids{0});
}

TEST(LockModes, ConflictMatrixIsSymmetric) {
  for (std::size_t a = 0; a < kLockModes; ++a) {
    for (std::size_t b = 0; b < kLockModes; ++b) {
      EXPECT_EQ(kLockConflicts[a] >> b & 1, kLockConflicts[b] >> a & 1) << a << " " << b;
    }
  }
}

}  // namespace
}  // namespace midflight::locks
