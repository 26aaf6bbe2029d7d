#include "sim/conduct/pool.h"

#include <gtest/gtest.h>

namespace midflight::conduct {
namespace {

TEST(Pool, OpensConnectionsWhenNeededAndKeepsThem) {
  Pool pool(2);
  EXPECT_TRUE(pool.try_acquire().fresh);
  pool.release();
  const Grant again = pool.try_acquire();
  EXPECT_TRUE(again.granted);
  EXPECT_FALSE(again.fresh);
  EXPECT_EQ(pool.open(), 1);
  EXPECT_EQ(pool.busy(), 1);
}

TEST(Pool, RefusesWhenAllConnectionsAreBusy) {
  Pool pool(2);
  EXPECT_TRUE(pool.try_acquire().granted);
  EXPECT_TRUE(pool.try_acquire().granted);
  EXPECT_FALSE(pool.try_acquire().granted);
  EXPECT_EQ(pool.busy(), 2);
  pool.release();
  EXPECT_TRUE(pool.try_acquire().granted);
}

TEST(Pool, ADiscardedConnectionIsOpenedAnew) {
  Pool pool(1);
  pool.try_acquire();
  pool.discard();
  EXPECT_EQ(pool.open(), 0);
  EXPECT_TRUE(pool.try_acquire().fresh);
}

TEST(PoolDeathTest, NothingCanBeGivenBackThatWasNotTaken) {
  Pool pool(1);
  EXPECT_DEATH(pool.release(), "busy");
}

}  // namespace
}  // namespace midflight::conduct
