#include "sim/kernel/event_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "sim/kernel/random.h"

namespace midflight {
namespace {

Instant at(std::int64_t ns) { return Instant{ns}; }

TEST(EventList, SoonestComesFirst) {
  EventList<char> events;
  events.push(at(3), 0, 'c');
  events.push(at(-1), 0, 'a');
  events.push(at(2), 0, 'b');
  EXPECT_EQ(events.top().payload, 'a');
  EXPECT_EQ(events.pop().payload, 'a');
  EXPECT_EQ(events.pop().payload, 'b');
  EXPECT_EQ(events.pop().time, at(3));
  EXPECT_TRUE(events.empty());
}

TEST(EventList, TiesGoByPriorityThenByOrderOfPushing) {
  EventList<char> events;
  events.push(at(1), 1, 'c');
  events.push(at(1), 0, 'a');
  events.push(at(1), 1, 'd');
  events.push(at(1), 0, 'b');
  events.push(at(1), -1, '0');
  std::string order;
  while (!events.empty()) order += events.pop().payload;
  EXPECT_EQ(order, "0abcd");
}

TEST(EventList, AgreesWithAStableSortWhilePushingAndPopping) {
  struct Twin { std::int64_t time; std::int32_t priority; int payload; };
  Random random(StreamKey{5, 1, 1});
  EventList<int> events;
  std::vector<Twin> twin;
  for (int i = 0; i < 20'000; ++i) {
    if (random.below(5) < 3) {
      const Twin pushed{static_cast<std::int64_t>(random.below(50)), static_cast<std::int32_t>(random.below(3)), i};
      events.push(at(pushed.time), pushed.priority, i);
      twin.insert(std::upper_bound(twin.begin(), twin.end(), pushed, [](const Twin& a, const Twin& b) {
        return std::pair(a.time, a.priority) < std::pair(b.time, b.priority);
      }), pushed);
    } else if (!events.empty()) {
      ASSERT_EQ(events.pop().payload, twin.front().payload);
      twin.erase(twin.begin());
    }
    ASSERT_EQ(events.size(), twin.size());
  }
}

TEST(EventList, HoldsPayloadsThatOnlyMove) {
  EventList<std::unique_ptr<int>> events;
  for (int i = 20; i > 0; --i) events.push(at(i), 0, std::make_unique<int>(i));
  for (int i = 1; i <= 20; ++i) EXPECT_EQ(*events.pop().payload, i);
}

TEST(EventList, ClearedListStartsAnew) {
  EventList<int> events;
  events.push(at(1), 0, 1);
  events.clear();
  EXPECT_TRUE(events.empty());
  events.push(at(1), 0, 2);
  EXPECT_EQ(events.top().sequence, 0U);
}

TEST(EventListDeathTest, NothingCanBeTakenFromAnEmptyList) {
  EventList<int> events;
  EXPECT_DEATH(events.pop(), "empty");
}

}  // namespace
}  // namespace midflight
