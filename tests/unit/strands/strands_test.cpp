#include "backends/strands/strands.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <set>
#include <stdexcept>
#include <thread>

namespace midflight::backends {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Two ends of a connection.
struct Sockets {
  Sockets() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0); }
  ~Sockets() {
    for (const int end : ends) ::close(end);
  }
  void send() const { EXPECT_EQ(::write(ends[1], "x", 1), 1); }
  void receive() const {
    char c = 0;
    EXPECT_EQ(::read(ends[0], &c, 1), 1);
  }
  std::array<int, 2> ends{};
};

TEST(Fibres, ShareTwoThreads) {
  Strands strands(true);
  std::mutex mutex;
  std::set<std::thread::id> threads;
  std::vector<std::future<void>> all;
  for (int i = 0; i < 300; ++i) {
    all.push_back(strands.start([&] {
      Fibres::here()->pause(Clock::now() + milliseconds(5));
      const std::lock_guard guard(mutex);
      threads.insert(std::this_thread::get_id());
    }));
  }
  for (auto& one : all) one.wait();
  EXPECT_EQ(threads.size(), 2U);
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
}

TEST(Fibres, OneThatWaitsForASocketLetsOthersGoOn) {
  const Sockets sockets;
  Strands strands(true);
  bool readable = false;
  auto reader = strands.start([&] { readable = await_socket(sockets.ends[0], Ready::Reply, Clock::now() + std::chrono::seconds(60)); });
  strands.start([&] { sockets.send(); }).wait();
  reader.wait();
  EXPECT_TRUE(readable);
}

TEST(Fibres, AWaitForASocketEndsWhenItsTimeHasCome) {
  const Sockets sockets;
  Strands strands(true);
  const auto begin = Clock::now();
  bool readable = true;
  strands.start([&] { readable = await_socket(sockets.ends[0], Ready::Reply, begin + milliseconds(20)); }).wait();
  EXPECT_FALSE(readable);
  EXPECT_GE(Clock::now() - begin, milliseconds(20));
}

TEST(Fibres, WhatASocketHasAfterAWaitIsFoundByTheNextOne) {
  const Sockets sockets;
  Strands strands(true);
  int readable = 0;
  strands.start([&] {
    EXPECT_FALSE(await_socket(sockets.ends[0], Ready::Reply, Clock::now()));
    sockets.send();
    EXPECT_FALSE(Fibres::here()->pause(Clock::now() + milliseconds(5)));  // nobody waits for the socket now
    for (int i = 0; i < 3; ++i) {
      if (!await_socket(sockets.ends[0], Ready::Reply, Clock::now() + std::chrono::seconds(60))) continue;
      ++readable;
      sockets.receive();
      sockets.send();
    }
  }).wait();
  EXPECT_EQ(readable, 3);
}

TEST(Fibres, WhatASocketSaysUnaskedDisturbsNoOtherWait) {
  const Sockets sockets;
  Strands strands(true);
  strands.start([&] {
    sockets.send();
    EXPECT_TRUE(await_socket(sockets.ends[0], Ready::Reply, Clock::now() + std::chrono::seconds(60)));
    const auto begin = Clock::now();  // it still has something to say
    EXPECT_FALSE(Fibres::here()->pause(begin + milliseconds(20)));
    EXPECT_GE(Clock::now() - begin, milliseconds(20));
  }).wait();
}

TEST(Fibres, ASocketThatTakesANumberAgainIsAwaited) {
  Strands strands(true);
  int readable = 0;
  strands.start([&] {
    for (int i = 0; i < 3; ++i) {
      const Sockets sockets;  // its number is that of the one before
      EXPECT_TRUE(await_socket(sockets.ends[0], Ready::Write, Clock::now() + std::chrono::seconds(60)));  // as one connects
      sockets.send();
      readable += await_socket(sockets.ends[0], Ready::Reply, Clock::now() + std::chrono::seconds(60)) ? 1 : 0;
    }
  }).wait();
  EXPECT_EQ(readable, 3);
}

TEST(Fibres, ASignalThatTakesANumberAgainIsAwaited) {
  Strands strands(true);
  int set = 0;
  strands.start([&] {
    for (int i = 0; i < 3; ++i) {
      Signal signal;
      signal.set();
      set += await_socket(signal.descriptor(), Ready::Read, Clock::now() + std::chrono::seconds(60)) ? 1 : 0;
    }
  }).wait();
  EXPECT_EQ(set, 3);
}

TEST(Fibres, WaitsThatEndEarlyLeaveLaterOnesTheirTime) {
  const Sockets sockets;
  Strands strands(true);
  strands.start([&] {
    const auto begin = Clock::now();
    sockets.send();
    EXPECT_TRUE(await_socket(sockets.ends[0], Ready::Reply, begin + milliseconds(10)));
    EXPECT_FALSE(Fibres::here()->pause(begin + milliseconds(40)));
    EXPECT_GE(Clock::now(), begin + milliseconds(40));
    EXPECT_FALSE(Fibres::here()->pause(begin + milliseconds(45)));  // sooner than a wait before would have been
    EXPECT_LT(Clock::now(), begin + std::chrono::seconds(30));
  }).wait();
}

TEST(Fibres, ExceptionsStayWithTheirOwnFibre) {
  Strands strands(true);
  std::atomic<int> caught{0};
  std::vector<std::future<void>> all;
  for (int i = 0; i < 10; ++i) {
    all.push_back(strands.start([&] {
      try {
        Fibres::here()->pause(Clock::now() + milliseconds(1));
        throw std::runtime_error("mine");
      } catch (const std::runtime_error&) {
        ++caught;
      }
      Fibres::here()->pause(Clock::now() + milliseconds(1));
    }));
  }
  for (auto& one : all) one.wait();
  EXPECT_EQ(caught, 10);
}

/// The same of threads and of fibres.
class Parked : public testing::TestWithParam<bool> {
 protected:
  std::mutex mutex_;
  Parking parking_;
  Strands strands_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Both, Parked, testing::Bool(), [](const auto& kind) { return kind.param ? "fibres" : "threads"; });

TEST_P(Parked, AreWokenFromAnotherThread) {
  bool go = false;
  auto waiter = strands_.start([&] {
    std::unique_lock lock(mutex_);
    parking_.wait(lock, [&] { return go; });
  });
  std::this_thread::sleep_for(milliseconds(5));
  {
    const std::lock_guard guard(mutex_);
    go = true;
    parking_.notify_one();
  }
  waiter.wait();
}

TEST_P(Parked, PassABallOnAndOn) {
  int turn = 0;
  std::vector<std::future<void>> players;
  for (int me = 0; me < 2; ++me) {
    players.push_back(strands_.start([&, me] {
      for (int i = 0; i < 1000; ++i) {
        std::unique_lock lock(mutex_);
        parking_.wait(lock, [&] { return turn % 2 == me; });
        ++turn;
        parking_.notify_all();
      }
    }));
  }
  for (auto& one : players) one.wait();
  EXPECT_EQ(turn, 2000);
}

TEST_P(Parked, GoOnWhenTheirTimeHasCome) {
  const auto begin = Clock::now();
  strands_.start([&] {
    std::unique_lock lock(mutex_);
    while (Clock::now() < begin + milliseconds(20)) parking_.wait_until(lock, begin + milliseconds(20));
    EXPECT_TRUE(lock.owns_lock());
  }).wait();
  EXPECT_GE(Clock::now() - begin, milliseconds(20));
}

}  // namespace
}  // namespace midflight::backends
