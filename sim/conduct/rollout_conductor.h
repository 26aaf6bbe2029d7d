#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "sim/kernel/time.h"
#include "sim/model/rollout.h"

namespace midflight::conduct {

using InstanceId = std::uint32_t;

// Told by the world.
struct InstanceReady { InstanceId instance; };   ///< it serves from now on
struct InstanceGone { InstanceId instance; };    ///< drained and stopped
struct StageOver {};                             ///< a canary stage's hold has passed
using FleetEvent = std::variant<InstanceReady, InstanceGone, StageOver>;

// Asked of the world.
/// Start an instance of the new version; the caller chose the id.
struct StartInstance { InstanceId instance; };
/// Take the instance out of service and let it finish what it has.
struct StopInstance { InstanceId instance; };
/// Blue-green: all new instances take over from the old ones at this instant.
/// (Until then new instances are ready but serve nothing.)
struct SwitchTraffic {};
struct HoldStage { Duration hold; };
struct RolloutDone {};
using FleetCommand = std::variant<StartInstance, StopInstance, SwitchTraffic, HoldStage, RolloutDone>;
using FleetCommands = std::vector<FleetCommand>;

/// Replaces the instances of a fleet by those of another version.
///
/// recreate:   stop all, wait until they are gone, start all.
/// rolling:    at most `max_surge` above and `max_unavailable` below the fleet's
///             wanted size, as a Kubernetes Deployment does; draining instances
///             do not count.  If both are 0, one instance of surge.
/// blue-green: start all, when all are ready switch at once, stop the old.
/// canary:     rolling towards each stage's share, holding in between.
/// Old instances stop in the order given.
/// Ends when every old instance is gone and every new one is ready.
/// Source: kubernetes.io, Deployments, "Rolling Update Deployment".
class RolloutConductor {
 public:
  /// `old` serves now; `wanted` new instances are to serve (0 stops the
  /// application); new ids count up from `next_id`.
  RolloutConductor(const Rollout& rollout, std::vector<InstanceId> old, int wanted, InstanceId next_id);

  void begin(FleetCommands& out);
  void on(const FleetEvent& event, FleetCommands& out);
  bool done() const { return done_; }

 private:
  void advance(FleetCommands& out);
  void advance_recreate(FleetCommands& out);
  void advance_blue_green(FleetCommands& out);
  void advance_canary(FleetCommands& out);
  /// Rolls as far as the limits allow.  Returns: true when `target` new
  /// instances are ready and no more old ones serve than the rest.
  bool roll_towards(int target, FleetCommands& out);
  void start(int count, FleetCommands& out);
  void stop(int count, FleetCommands& out);
  int serving_old() const { return static_cast<int>(old_.size()); }
  /// New instances the current stage asks for.
  int stage_target() const;

  Rollout rollout_;
  std::vector<InstanceId> old_;      ///< still serving
  int wanted_, surge_, unavailable_;
  InstanceId next_id_;
  int starting_ = 0, ready_ = 0, draining_ = 0;
  std::size_t stage_ = 0;
  bool holding_ = false, switched_ = false, done_ = false;
};

}  // namespace midflight::conduct
