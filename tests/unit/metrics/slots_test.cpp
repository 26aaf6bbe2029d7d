#include "sim/metrics/slots.h"

#include <map>

#include <gtest/gtest.h>

#include "sim/kernel/random.h"

namespace midflight::metrics {
namespace {

constexpr double kObjective = 0.1;
Duration tenths(std::int64_t n) { return kSlot * n; }

TEST(SlotOf, CountsFromTimeZero) {
  EXPECT_EQ(slot_of(Instant{0}), 0);
  EXPECT_EQ(slot_of(Instant{99'999'999}), 0);
  EXPECT_EQ(slot_of(Instant{100'000'000}), 1);
  EXPECT_EQ(slot_of(Instant{-1}), -1);
  EXPECT_EQ(slot_of(Instant{-100'000'000}), -1);
  EXPECT_EQ(slot_of(Instant{-100'000'001}), -2);
}

TEST(Slots, OneBadRequestAmongGoodOnesIsNotDowntime) {
  Slots slots(1, kObjective);
  slots.add(0, 0, 5, 1);  // 20% is more than the objective, but only one request
  slots.close(1);
  EXPECT_EQ(slots.downtime(), Duration{});
}

TEST(Slots, SlotIsDownWhenItsOnlyRequestIsBad) {
  Slots slots(1, kObjective);
  slots.add(0, 0, 1, 1);
  slots.close(1);
  EXPECT_EQ(slots.downtime(), tenths(1));
}

TEST(Slots, TwoBadRequestsAreDowntimeOnlyAboveTheObjective) {
  Slots slots(1, kObjective);
  slots.add(0, 0, 20, 2);  // exactly 10%
  slots.add(1, 0, 19, 2);
  slots.close(2);
  EXPECT_EQ(slots.downtime(), tenths(1));
  EXPECT_EQ(slots.stretches().front().from, 1);
}

TEST(Slots, EmptySlotTakesTheStateOfTheLastOneThatHadRequests) {
  Slots slots(1, kObjective);
  slots.add(2, 0, 3, 3);
  slots.add(6, 0, 3, 0);
  slots.add(8, 0, 1, 1);
  slots.close(12);
  EXPECT_EQ(slots.downtime(), tenths(4 + 4));  // 2-5 and 8-11
  ASSERT_EQ(slots.stretches().size(), 2U);
  EXPECT_EQ(slots.stretches()[0].until, 6);
  EXPECT_EQ(slots.stretches()[1].from, 8);
}

TEST(Slots, EndpointMayBeDownWhileTrafficAsAWholeIsNot) {
  Slots slots(2, kObjective);
  slots.add(0, 0, 3, 3);
  slots.add(0, 1, 97, 0);
  slots.close(1);
  EXPECT_EQ(slots.downtime(0), tenths(1));
  EXPECT_EQ(slots.downtime(1), Duration{});
  EXPECT_EQ(slots.downtime(), Duration{});
}

TEST(Slots, GoodStretchEndsDowntimeAtTheFirstArrival) {
  Slots slots(2, kObjective);
  slots.add(0, 0, 2, 2);
  slots.add(0, 1, 2, 2);
  slots.close(1);
  slots.close_good(10, {4, 10});  // the second endpoint has no request before slot 10
  EXPECT_EQ(slots.downtime(0), tenths(4));
  EXPECT_EQ(slots.downtime(1), tenths(10));
  EXPECT_EQ(slots.downtime(), tenths(4));
  EXPECT_TRUE(slots.any_down());
  EXPECT_EQ(slots.first_open(), 10);
}

TEST(Slots, RequestsBeforeTimeZeroDoNotCount) {
  Slots slots(1, kObjective);
  slots.add(-1, 0, 9, 9);
  slots.close(1);
  EXPECT_EQ(slots.downtime(), Duration{});
}

/// Keeps every slot for ever and judges them all at the end.
class AllSlots {
 public:
  explicit AllSlots(std::size_t endpoints) : endpoints_(endpoints) {}
  void add(std::int64_t slot, std::size_t endpoint, std::int64_t requests, std::int64_t bad) {
    cells_[{slot, endpoint}].first += requests;
    cells_[{slot, endpoint}].second += bad;
  }
  /// `endpoint` == endpoints: all traffic.
  std::int64_t slots_down(std::size_t endpoint, std::int64_t until) const {
    bool down = false;
    std::int64_t n = 0;
    for (std::int64_t slot = 0; slot < until; ++slot) {
      std::int64_t requests = 0, bad = 0;
      for (std::size_t e = 0; e < endpoints_; ++e) {
        if (endpoint != endpoints_ && endpoint != e) continue;
        const auto cell = cells_.find({slot, e});
        if (cell == cells_.end()) continue;
        requests += cell->second.first;
        bad += cell->second.second;
      }
      const double share = requests > 0 ? static_cast<double>(bad) / static_cast<double>(requests) : 0;
      if (requests > 0) down = bad == requests || (bad >= 2 && share > kObjective);
      n += down;
    }
    return n;
  }

 private:
  std::size_t endpoints_;
  std::map<std::pair<std::int64_t, std::size_t>, std::pair<std::int64_t, std::int64_t>> cells_;
};

/// Fills slots in any order, far ahead at times; settles them now and then, in
/// good stretches too.
void play(Random& random, Slots& slots, AllSlots& all, std::size_t endpoints) {
  std::int64_t untouched = 0;  // no request is in or after it
  for (int i = 0; i < 200; ++i) {
    const std::int64_t ahead = random.below(20) == 0 ? 500 : 8;
    const std::int64_t slot = slots.first_open() + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(ahead)));
    const auto requests = static_cast<std::uint32_t>(1 + random.below(12));
    const auto bad = static_cast<std::uint32_t>(random.below(3) == 0 ? random.below(requests + 1) : 0);
    const std::size_t endpoint = random.below(endpoints);
    slots.add(slot, endpoint, requests, bad);
    all.add(slot, endpoint, requests, bad);
    untouched = std::max(untouched, slot + 1);
    if (random.below(4) == 0) slots.close(slots.first_open() + static_cast<std::int64_t>(random.below(6)));
    if (random.below(12) != 0) continue;
    slots.close(std::max(untouched, slots.first_open()));
    const std::int64_t until = slots.first_open() + 1 + static_cast<std::int64_t>(random.below(9));
    std::vector<std::int64_t> first(endpoints);
    for (std::size_t e = 0; e < endpoints; ++e) {
      first[e] = slots.first_open() + static_cast<std::int64_t>(random.below(12));
      if (first[e] < until) all.add(first[e], e, 3, 0);
    }
    slots.close_good(until, first);
  }
}

TEST(Slots, AgreeWithJudgingEverySlotAtTheEnd) {
  for (std::uint64_t run = 0; run < 200; ++run) {
    Random random({21, run, stream_id("slots")});
    const std::size_t endpoints = 1 + random.below(3);
    Slots slots(endpoints, kObjective);
    AllSlots all(endpoints);
    play(random, slots, all, endpoints);
    const std::int64_t end = slots.first_open() + 700;
    slots.close(end);
    for (std::size_t e = 0; e < endpoints; ++e) {
      ASSERT_EQ(slots.downtime(e), tenths(all.slots_down(e, end))) << "run " << run << " endpoint " << e;
    }
    ASSERT_EQ(slots.downtime(), tenths(all.slots_down(endpoints, end))) << "run " << run;
    std::int64_t told = 0;
    for (const Slots::Stretch& s : slots.stretches()) told += s.until - s.from;
    ASSERT_EQ(tenths(told), slots.downtime()) << "run " << run;
  }
}

}  // namespace
}  // namespace midflight::metrics
