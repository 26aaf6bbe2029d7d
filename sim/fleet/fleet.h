#pragma once

#include <cstdint>
#include <vector>

#include "sim/conduct/pool.h"
#include "sim/conduct/rollout_conductor.h"

namespace midflight::fleet {

using InstanceId = conduct::InstanceId;
inline constexpr std::uint32_t kNone = ~std::uint32_t{0};

/// One process of the application with its connection pool.
struct Instance {
  enum class State : std::uint8_t { Starting, Ready, Serving, Draining, Gone };
  std::uint32_t version = 0;
  State state = State::Starting;
  conduct::Pool pool;
  std::uint32_t wait_head = kNone, wait_tail = kNone;  ///< requests waiting for a connection
  std::uint32_t busy = 0;                              ///< requests it has, waiting ones included
  bool drain_over = false;                             ///< its drain time has passed
};

/// The instances of the application and which of them serve.
///
/// Serving instances share requests evenly.  Draining ones finish what they
/// have and take nothing new.
class Fleet {
 public:
  Fleet(std::size_t versions, int pool_size) : serving_of_(versions), pool_size_(pool_size) {}

  /// A new instance; Starting until ready() or serve().  Ids count up from 0.
  InstanceId add(std::uint32_t version);
  /// Started, but not yet in service (blue-green before the switch).
  void ready(InstanceId id) { instances_[id].state = Instance::State::Ready; }
  void serve(InstanceId id);
  void drain(InstanceId id);
  void gone(InstanceId id) { instances_[id].state = Instance::State::Gone; }

  Instance& operator[](InstanceId id) { return instances_[id]; }
  const Instance& operator[](InstanceId id) const { return instances_[id]; }
  std::size_t size() const { return instances_.size(); }

  const std::vector<InstanceId>& serving() const { return serving_; }
  /// Serving instances of a version, and how many versions serve at all.
  int serving_of(std::uint32_t version) const { return serving_of_[version]; }
  int versions_serving() const { return versions_serving_; }
  /// Those that could hold connections: everything not Gone.
  int alive() const;

 private:
  void count(std::uint32_t version, int by);

  std::vector<Instance> instances_;
  std::vector<InstanceId> serving_;
  std::vector<int> serving_of_;
  int versions_serving_ = 0;
  int pool_size_;
};

}  // namespace midflight::fleet
