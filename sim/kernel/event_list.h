#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/kernel/error.h"
#include "sim/kernel/time.h"

namespace midflight {

/// The future events of a run, soonest first.
///
/// Events at one instant come by priority (smaller first), those of one
/// priority in the order they were pushed, so a run never depends on the heap.
///
/// Owns: the payloads.
/// Cost: O(log n); no allocation once the list has been as long before.
template <typename T>
class EventList {
 public:
  struct Entry {
    Instant time;
    std::uint64_t sequence;
    std::int32_t priority;
    T payload;
  };

  void push(Instant time, std::int32_t priority, T payload) {
    heap_.push_back(Entry{time, next_sequence_++, priority, std::move(payload)});
    rise();
  }

  /// The next event.  Requires: not empty.
  const Entry& top() const { return heap_.front(); }

  /// Takes the next event out.  Requires: not empty.
  Entry pop() {
    MIDFLIGHT_CHECK(!heap_.empty());
    Entry first = std::move(heap_.front());
    Entry last = std::move(heap_.back());
    heap_.pop_back();
    if (!heap_.empty()) sink(std::move(last));
    return first;
  }

  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  /// Every pending event, in no order.
  const std::vector<Entry>& pending() const { return heap_; }
  /// Takes out the events for which `gone(payload)` holds; the others keep their order.
  template <typename Predicate>
  void remove_if(Predicate gone) {
    std::vector<Entry> kept = std::move(heap_);
    heap_.clear();
    for (Entry& entry : kept) {
      if (gone(entry.payload)) continue;
      heap_.push_back(std::move(entry));
      rise();
    }
  }
  void reserve(std::size_t events) { heap_.reserve(events); }
  /// Forgets all events; sequence numbers start again.
  void clear() {
    heap_.clear();
    next_sequence_ = 0;
  }

 private:
  /// Four children share a cache line or two, and halve the depth.
  static constexpr std::size_t kArity = 4;

  static bool before(const Entry& a, const Entry& b) {
    if (a.time != b.time) return a.time < b.time;
    if (a.priority != b.priority) return a.priority < b.priority;
    return a.sequence < b.sequence;
  }

  std::size_t first_child(std::size_t from, std::size_t end) const {
    std::size_t best = from;
    for (std::size_t child = from + 1; child < end; ++child) {
      if (before(heap_[child], heap_[best])) best = child;
    }
    return best;
  }

  /// Moves the last entry to its place.
  void rise() {
    std::size_t hole = heap_.size() - 1;
    if (hole == 0 || !before(heap_[hole], heap_[(hole - 1) / kArity])) return;
    Entry entry = std::move(heap_[hole]);
    do {
      heap_[hole] = std::move(heap_[(hole - 1) / kArity]);
      hole = (hole - 1) / kArity;
    } while (hole > 0 && before(entry, heap_[(hole - 1) / kArity]));
    heap_[hole] = std::move(entry);
  }

  /// Puts an entry into the hole at the root.
  void sink(Entry entry) {
    const std::size_t size = heap_.size();
    std::size_t hole = 0;
    for (std::size_t child = 1; child < size; child = hole * kArity + 1) {
      child = first_child(child, child + kArity < size ? child + kArity : size);
      if (!before(heap_[child], entry)) break;
      heap_[hole] = std::move(heap_[child]);
      hole = child;
    }
    heap_[hole] = std::move(entry);
  }

  std::vector<Entry> heap_;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace midflight
