#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <vector>

#include "tests/bench/convoy.h"

namespace midflight::bench {

namespace {

struct SplitMix {
  std::uint64_t state;
  std::uint64_t next() {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  double exponential() { return -std::log((static_cast<double>(next() >> 11) + 0.5) * 0x1p-53); }
};

struct End { std::int64_t at, arrival; };
struct Later { bool operator()(const End& a, const End& b) const { return a.at > b.at; } };

struct Slot { std::uint32_t requests = 0, bad = 0; };

}  // namespace

ConvoyResult bare_convoy(std::uint64_t seed) {
  const auto began = std::chrono::steady_clock::now();
  const auto ns = [](double s) { return static_cast<std::int64_t>(s * 1e9); };
  SplitMix random{seed};
  const std::int64_t until = ns(Convoy::kSeconds);
  const double gap = 1e9 / Convoy::kRate, service = Convoy::kService * 1e9;
  // Nobody new gets the table from the ALTER's request until it is done.
  const std::int64_t closed_from = ns(Convoy::kAlterAt);
  std::int64_t reopen = ns(Convoy::kReaderFrom + Convoy::kReaderFor + Convoy::kAlterFor);
  std::vector<End> running;                 // heap by end
  std::vector<std::int64_t> at_lock;        // have a connection, wait for the table
  std::deque<std::int64_t> at_pool;         // wait for a connection
  std::vector<Slot> slots(static_cast<std::size_t>(Convoy::kSeconds * 10) + 1);
  int busy = 0;
  bool reopened = false;
  ConvoyResult result;
  const auto start = [&](std::int64_t now, std::int64_t arrival) {
    if (now >= closed_from && now < reopen) {
      at_lock.push_back(arrival);
      return;
    }
    running.push_back({now + static_cast<std::int64_t>(random.exponential() * service), arrival});
    std::push_heap(running.begin(), running.end(), Later{});
  };
  std::int64_t next = static_cast<std::int64_t>(random.exponential() * gap);
  while (next < until || !running.empty() || !reopened) {
    const std::int64_t end = running.empty() ? INT64_MAX : running.front().at;
    const std::int64_t arrival = next < until ? next : INT64_MAX;
    if (!reopened && reopen <= std::min(end, arrival)) {
      reopened = true;
      for (const std::int64_t waiting : at_lock) start(reopen, waiting);
      at_lock.clear();
    } else if (end <= arrival) {
      std::pop_heap(running.begin(), running.end(), Later{});
      const End done = running.back();
      running.pop_back();
      Slot& slot = slots[static_cast<std::size_t>(done.arrival / 100'000'000)];
      ++slot.requests;
      ++result.requests;
      if (done.at - done.arrival > 1'000'000'000) ++slot.bad, ++result.delayed;
      if (at_pool.empty()) {
        --busy;
      } else {
        const std::int64_t first = at_pool.front();
        at_pool.pop_front();
        start(done.at, first);
      }
    } else {
      if (busy < Convoy::kPool) ++busy, start(arrival, arrival);
      else at_pool.push_back(arrival);
      next += static_cast<std::int64_t>(random.exponential() * gap);
    }
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return result;
}

}  // namespace midflight::bench
