#include "sim/locks/sqlite_locks.h"

#include <gtest/gtest.h>

namespace midflight::locks {
namespace {

TEST(SqliteWal, OneWriterAtATime) {
  SqliteLocks locks(Journal::Wal);
  EXPECT_TRUE(locks.write(1));
  EXPECT_TRUE(locks.write(1));
  EXPECT_FALSE(locks.write(2));
  locks.release(1, 0, true);
  EXPECT_TRUE(locks.write(2));
}

TEST(SqliteWal, ReadersNeitherWaitNorHoldUpACommit) {
  SqliteLocks locks(Journal::Wal);
  EXPECT_TRUE(locks.write(1));
  EXPECT_TRUE(locks.read(2));
  EXPECT_TRUE(locks.commit(1, 0));
  EXPECT_TRUE(locks.read(3));
}

TEST(SqliteWal, OnlyCommitsThatWroteMoveTheSnapshot) {
  SqliteLocks locks(Journal::Wal);
  locks.write(1);
  locks.release(1, 0, true);
  EXPECT_EQ(locks.commits(), 1U);
  locks.write(1);
  locks.release(1, 0, false);  // rolled back
  EXPECT_EQ(locks.commits(), 1U);
}

TEST(SqliteDelete, ReadersGoOnBesideAWriterThatHasNotCommitted) {
  SqliteLocks locks(Journal::Delete);
  EXPECT_TRUE(locks.write(1));
  EXPECT_TRUE(locks.read(2));
}

TEST(SqliteDelete, CommitWaitsForReadersAndKeepsNewOnesOut) {
  SqliteLocks locks(Journal::Delete);
  EXPECT_TRUE(locks.read(2));
  EXPECT_TRUE(locks.write(1));
  EXPECT_FALSE(locks.commit(1, 0));
  EXPECT_EQ(locks.pending(), 1U);
  EXPECT_FALSE(locks.read(3));
  locks.release(2, 1, false);
  EXPECT_TRUE(locks.commit(1, 0));
  locks.release(1, 0, true);
  EXPECT_TRUE(locks.read(3));
  EXPECT_EQ(locks.pending(), kNobody);
}

TEST(SqliteDelete, WritersOwnSharedLockDoesNotHoldItUp) {
  SqliteLocks locks(Journal::Delete);
  EXPECT_TRUE(locks.read(1));
  EXPECT_TRUE(locks.write(1));
  EXPECT_TRUE(locks.commit(1, 1));
}

TEST(SqliteDelete, NobodyBeginsToWriteWhileAnotherIsPending) {
  SqliteLocks locks(Journal::Delete);
  locks.read(2);
  locks.write(1);
  locks.commit(1, 0);
  EXPECT_FALSE(locks.write(2));
}

// sqliteDefaultBusyCallback: 1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100, 100 ... ms.
TEST(SqliteBusy, SleepsLongerAndLongerUntilTheTimeoutIsUsedUp) {
  const Duration timeout = Duration::milliseconds(500);
  std::vector<std::int64_t> slept_ms;
  Duration slept{};
  for (int tries = 0;; ++tries) {
    const Duration next = SqliteLocks::delay(tries, slept, timeout);
    if (next == Duration{}) break;
    slept_ms.push_back(next.ns / 1'000'000);
    slept += next;
  }
  EXPECT_EQ(slept_ms, (std::vector<std::int64_t>{1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100, 100, 72}));
  EXPECT_EQ(slept, timeout);
}

TEST(SqliteBusy, WithoutATimeoutNobodySleeps) { EXPECT_EQ(SqliteLocks::delay(0, {}, {}), Duration{}); }

}  // namespace
}  // namespace midflight::locks
