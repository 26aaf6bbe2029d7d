#include "sim/conduct/rollout_conductor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "sim/kernel/random.h"

namespace midflight::conduct {
namespace {

/// A fleet that does what it is told, in an order of the test's choosing.
struct Fleet {
  Fleet(const Rollout& rollout, int old_count, int wanted)
      : conductor(rollout, ids(old_count), wanted, static_cast<InstanceId>(old_count)), serving(ids(old_count)) {}

  static std::vector<InstanceId> ids(int count) {
    std::vector<InstanceId> all(static_cast<std::size_t>(count));
    std::iota(all.begin(), all.end(), 0U);
    return all;
  }

  void begin() {
    FleetCommands out;
    conductor.begin(out);
    obey(out);
  }
  void ready(std::size_t which = 0) {
    serving.push_back(starting.at(which));
    tell(InstanceReady{take(starting, which)});
  }
  void gone(std::size_t which = 0) { tell(InstanceGone{take(draining, which)}); }
  void stage_over() {
    holding = false;
    tell(StageOver{});
  }

  static InstanceId take(std::vector<InstanceId>& from, std::size_t which) {
    const InstanceId id = from.at(which);
    from.erase(from.begin() + static_cast<std::ptrdiff_t>(which));
    return id;
  }
  void tell(const FleetEvent& event) {
    FleetCommands out;
    conductor.on(event, out);
    obey(out);
  }
  void obey(const FleetCommands& commands) {
    for (const FleetCommand& command : commands) {
      if (const auto* start = std::get_if<StartInstance>(&command)) starting.push_back(start->instance);
      if (const auto* stop = std::get_if<StopInstance>(&command)) {
        const auto found = std::find(serving.begin(), serving.end(), stop->instance);
        ASSERT_NE(found, serving.end()) << "stops what does not serve";
        draining.push_back(take(serving, static_cast<std::size_t>(found - serving.begin())));
      }
      switches += std::holds_alternative<SwitchTraffic>(command);
      holding = holding || std::holds_alternative<HoldStage>(command);
      dones += std::holds_alternative<RolloutDone>(command);
      least_serving = std::min(least_serving, static_cast<int>(serving.size()));
      most_there = std::max(most_there, static_cast<int>(serving.size() + starting.size()));
    }
  }

  RolloutConductor conductor;
  std::vector<InstanceId> serving, starting, draining;
  int switches = 0, dones = 0, least_serving = 1'000'000, most_there = 0;
  bool holding = false;
};

Rollout rolling(InstanceCount surge, InstanceCount unavailable) {
  Rollout rollout;
  rollout.max_surge = surge;
  rollout.max_unavailable = unavailable;
  return rollout;
}

Rollout of_kind(RolloutKind kind) {
  Rollout rollout;
  rollout.kind = kind;
  return rollout;
}

// Four instances, surge 1, unavailable 1.  At once: one more starts, one stops,
// and another starts in its place.  Two waves of start-up replace all.
TEST(RollingUpdate, ReplacesSurgePlusUnavailableInEveryWave) {
  Fleet fleet(rolling({25, true}, {25, true}), 4, 4);
  fleet.begin();
  EXPECT_EQ(fleet.starting.size(), 2U);
  EXPECT_EQ(fleet.draining.size(), 1U);
  fleet.ready();
  fleet.ready();
  EXPECT_EQ(fleet.starting.size(), 2U);
  EXPECT_EQ(fleet.serving.size(), 3U);
  fleet.ready();
  fleet.ready();
  EXPECT_EQ(fleet.serving, (std::vector<InstanceId>{4, 5, 6, 7}));
  EXPECT_FALSE(fleet.conductor.done());
  while (!fleet.draining.empty()) fleet.gone();
  EXPECT_TRUE(fleet.conductor.done());
  EXPECT_EQ(fleet.dones, 1);
}

TEST(RollingUpdate, OfOneInstanceStartsTheNewOneFirst) {
  Fleet fleet(rolling({25, true}, {25, true}), 1, 1);
  fleet.begin();
  EXPECT_EQ(fleet.serving.size(), 1U);
  EXPECT_EQ(fleet.starting.size(), 1U);
  fleet.ready();
  EXPECT_EQ(fleet.serving, (std::vector<InstanceId>{1}));
  fleet.gone();
  EXPECT_TRUE(fleet.conductor.done());
}

TEST(RollingUpdate, WithNeitherSurgeNorUnavailableTakesOneOfSurge) {
  Fleet fleet(rolling({0, false}, {0, false}), 3, 3);
  fleet.begin();
  EXPECT_EQ(fleet.starting.size(), 1U);
  EXPECT_EQ(fleet.serving.size(), 3U);
}

TEST(RollingUpdate, OfEverythingAtOnceIsAllowed) {
  Fleet fleet(rolling({100, true}, {100, true}), 3, 3);
  fleet.begin();
  EXPECT_EQ(fleet.starting.size(), 3U);
  EXPECT_EQ(fleet.serving.size(), 0U);
}

TEST(RollingUpdate, ToNoInstancesStopsTheApplication) {
  Fleet fleet(rolling({25, true}, {0, false}), 3, 0);
  fleet.begin();
  EXPECT_EQ(fleet.draining.size(), 3U);
  for (int i = 0; i < 3; ++i) fleet.gone();
  EXPECT_TRUE(fleet.conductor.done());
}

TEST(RollingUpdate, FromNoInstancesStartsAllAtOnce) {
  Fleet fleet(rolling({25, true}, {0, false}), 0, 3);
  fleet.begin();
  EXPECT_EQ(fleet.starting.size(), 3U);
}

TEST(Recreate, StartsNothingBeforeTheLastOldInstanceIsGone) {
  Fleet fleet(of_kind(RolloutKind::Recreate), 2, 2);
  fleet.begin();
  EXPECT_EQ(fleet.serving.size(), 0U);
  fleet.gone();
  EXPECT_EQ(fleet.starting.size(), 0U);
  fleet.gone();
  EXPECT_EQ(fleet.starting.size(), 2U);
  fleet.ready();
  fleet.ready();
  EXPECT_TRUE(fleet.conductor.done());
}

TEST(BlueGreen, SwitchesOnceWhenAllAreReady) {
  Fleet fleet(of_kind(RolloutKind::BlueGreen), 2, 2);
  fleet.begin();
  EXPECT_EQ(fleet.starting.size(), 2U);
  fleet.ready();
  EXPECT_EQ(fleet.switches, 0);
  EXPECT_EQ(fleet.draining.size(), 0U);
  fleet.ready();
  EXPECT_EQ(fleet.switches, 1);
  EXPECT_EQ(fleet.draining.size(), 2U);
  fleet.gone();
  fleet.gone();
  EXPECT_TRUE(fleet.conductor.done());
  EXPECT_EQ(fleet.switches, 1);
}

// 2% and 20% of ten instances: one, then two, then all, with a hold after each but the last.
TEST(Canary, HoldsAtEveryStage) {
  Rollout rollout = of_kind(RolloutKind::Canary);
  rollout.max_surge = {1, false};
  rollout.max_unavailable = {0, false};
  rollout.stages = {{{2, true}, Duration::minutes(5)}, {{20, true}, Duration::minutes(5)}};
  Fleet fleet(rollout, 10, 10);
  fleet.begin();
  fleet.ready();
  EXPECT_TRUE(fleet.holding);
  EXPECT_EQ(fleet.starting.size(), 0U);
  EXPECT_EQ(std::count_if(fleet.serving.begin(), fleet.serving.end(), [](InstanceId id) { return id >= 10; }), 1);
  fleet.stage_over();
  EXPECT_FALSE(fleet.holding);
  fleet.ready();
  EXPECT_TRUE(fleet.holding);
  fleet.stage_over();
  for (int i = 0; i < 8; ++i) fleet.ready();
  while (!fleet.draining.empty()) fleet.gone();
  EXPECT_TRUE(fleet.conductor.done());
}

/// Lets random things happen until nothing is left to happen.
void run_at_random(Fleet& fleet, Random& random) {
  fleet.begin();
  for (;;) {
    const std::uint64_t hold = fleet.holding ? 1 : 0;
    const std::uint64_t ready = fleet.starting.size(), gone = fleet.draining.size();
    if (ready + gone + hold == 0) return;
    const std::uint64_t choice = random.below(ready + gone + hold);
    if (choice < ready) {
      fleet.ready(choice);
    } else if (choice < ready + gone) {
      fleet.gone(choice - ready);
    } else {
      fleet.stage_over();
    }
  }
}

InstanceCount random_count(Random& random, int n) {
  if (random.below(2) == 0) return {static_cast<double>(random.below(101)), true};
  return {static_cast<double>(random.below(static_cast<std::uint64_t>(n) + 2)), false};
}

TEST(RolloutFuzz, KeepsItsLimitsAndAlwaysFinishes) {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Random random(StreamKey{seed, 0, stream_id("rollout fuzz")});
    const int n = 1 + static_cast<int>(random.below(20));
    Rollout rollout = rolling(random_count(random, n), random_count(random, n));
    if (random.below(2) == 0) {
      rollout.kind = RolloutKind::Canary;
      for (std::uint64_t i = random.below(4); i > 0; --i) {
        rollout.stages.push_back({random_count(random, n), Duration::minutes(static_cast<std::int64_t>(random.below(2)))});
      }
    }
    int surge = rollout.max_surge.of(n, true);
    const int unavailable = rollout.max_unavailable.of(n, false);
    if (surge == 0 && unavailable == 0) surge = 1;
    Fleet fleet(rollout, n, n);
    run_at_random(fleet, random);
    ASSERT_TRUE(fleet.conductor.done()) << "seed " << seed;
    ASSERT_EQ(fleet.dones, 1) << "seed " << seed;
    ASSERT_EQ(static_cast<int>(fleet.serving.size()), n) << "seed " << seed;
    ASSERT_GE(*std::min_element(fleet.serving.begin(), fleet.serving.end()), static_cast<InstanceId>(n));
    ASSERT_LE(fleet.most_there, n + surge) << "seed " << seed;
    ASSERT_GE(fleet.least_serving, n - unavailable) << "seed " << seed;
  }
}

TEST(RolloutFuzz, OtherSizesAndKindsFinishToo) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Random random(StreamKey{seed, 1, stream_id("rollout fuzz")});
    Rollout rollout = of_kind(static_cast<RolloutKind>(random.below(4)));
    const int before = static_cast<int>(random.below(9)), wanted = static_cast<int>(random.below(9));
    rollout.max_surge = random_count(random, wanted);
    rollout.max_unavailable = random_count(random, wanted);
    rollout.stages = {{{30, true}, Duration::minutes(1)}, {{60, true}, Duration{}}};
    Fleet fleet(rollout, before, wanted);
    run_at_random(fleet, random);
    ASSERT_TRUE(fleet.conductor.done()) << "seed " << seed;
    ASSERT_EQ(static_cast<int>(fleet.serving.size()), wanted) << "seed " << seed;
  }
}

}  // namespace
}  // namespace midflight::conduct
