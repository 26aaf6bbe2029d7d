#include "sim/fleet/fleet.h"

#include <gtest/gtest.h>

namespace midflight::fleet {
namespace {

using Ids = std::vector<InstanceId>;

TEST(Fleet, StartingInstanceServesNothing) {
  Fleet fleet(2, 5);
  EXPECT_EQ(fleet.add(0), 0U);
  EXPECT_TRUE(fleet.serving().empty());
  EXPECT_EQ(fleet.alive(), 1);
  fleet.serve(0);
  EXPECT_EQ(fleet.serving(), Ids{0});
}

TEST(Fleet, ReadyInstanceServesNothingUntilTheSwitch) {
  Fleet fleet(2, 5);
  fleet.ready(fleet.add(1));
  EXPECT_TRUE(fleet.serving().empty());
  EXPECT_EQ(fleet.versions_serving(), 0);
}

TEST(Fleet, DrainingInstanceTakesNothingNewAndIsStillThere) {
  Fleet fleet(2, 5);
  for (int i = 0; i < 3; ++i) fleet.serve(fleet.add(0));
  fleet.drain(1);
  EXPECT_EQ(fleet.serving(), (Ids{0, 2}));
  EXPECT_EQ(fleet.serving_of(0), 2);
  EXPECT_EQ(fleet.alive(), 3);
  fleet.gone(1);
  EXPECT_EQ(fleet.alive(), 2);
}

TEST(Fleet, CountsVersionsThatServeAtOnce) {
  Fleet fleet(3, 5);
  fleet.serve(fleet.add(0));
  fleet.serve(fleet.add(1));
  EXPECT_EQ(fleet.versions_serving(), 2);
  fleet.drain(0);
  EXPECT_EQ(fleet.versions_serving(), 1);
  EXPECT_EQ(fleet.serving_of(0), 0);
}

TEST(Fleet, InstanceThatNeverServedCanBeStopped) {
  Fleet fleet(1, 5);
  fleet.drain(fleet.add(0));
  EXPECT_EQ(fleet.versions_serving(), 0);
  EXPECT_EQ(fleet[0].state, Instance::State::Draining);
}

TEST(Fleet, EachInstanceHasAPoolOfItsOwn) {
  Fleet fleet(1, 1);
  fleet.add(0);
  fleet.add(0);
  EXPECT_TRUE(fleet[0].pool.try_acquire().granted);
  EXPECT_FALSE(fleet[0].pool.try_acquire().granted);
  EXPECT_TRUE(fleet[1].pool.try_acquire().granted);
}

}  // namespace
}  // namespace midflight::fleet
