#pragma once

#include <cstdint>
#include <vector>

#include "sim/kernel/distribution.h"

namespace midflight {

/// A number of instances: a count, or a share of the fleet.
struct InstanceCount {
  double value = 0;
  bool percent = false;
  /// Shares round up for surge and down for unavailability, as Kubernetes does.
  int of(int instances, bool round_up) const;
  bool operator==(const InstanceCount&) const = default;
};

enum class RolloutKind : std::uint8_t { Recreate, Rolling, BlueGreen, Canary };

/// How a fleet moves from one version to the next.
struct Rollout {
  struct Stage {
    InstanceCount share;  ///< of the fleet on the new version
    Duration hold{};      ///< before the next stage
    bool operator==(const Stage&) const = default;
  };
  RolloutKind kind = RolloutKind::Rolling;
  InstanceCount max_surge{25, true};
  InstanceCount max_unavailable{25, true};
  Distribution startup;          ///< from start to ready
  Distribution drain;            ///< from the order to stop until the instance is gone, at most
  std::vector<Stage> stages;     ///< canary only; a last stage of 100% is implied
  bool operator==(const Rollout&) const = default;
};

}  // namespace midflight
