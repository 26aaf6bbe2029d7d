#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backends/run_context.h"
#include "sim/conduct/rollout_conductor.h"

namespace midflight::backends {

/// The fleet of a replay: instances start, serve, drain and go as the rollout
/// conductor says, with the environment's start-up and drain times.
/// Threads: the loop's.
class ReplayFleet {
 public:
  ReplayFleet(const RunContext& context, std::function<void(std::size_t step)> rollout_ended);

  /// The first version's instances serve.
  void begin();
  void begin_rollout(std::size_t step);
  /// No more changes are noted.
  void close();

  Duration overlap() const { return overlap_; }
  int deployments() const { return deployments_; }
  /// Versions that serve now, by index.
  std::vector<std::uint32_t> serving_versions() const;

 private:
  struct Member {
    enum class State : std::uint8_t { Starting, Ready, Serving, Draining, Gone };
    std::uint32_t version = 0;
    State state = State::Starting;
    bool drain_over = false, idle = false;
    std::size_t rollout = 0;
  };
  struct Rolling {
    std::unique_ptr<conduct::RolloutConductor> conductor;
    const Rollout* rollout = nullptr;
    std::size_t step = 0;
    std::uint32_t version = 0;
    std::uint64_t started = 0, stopped = 0;
  };
  void on(std::size_t rollout, const conduct::FleetEvent& event);
  void carry_out(std::size_t rollout, const conduct::FleetCommands& commands);
  void start_instance(std::size_t rollout, std::uint32_t id);
  void stop_instance(std::size_t rollout, std::uint32_t id);
  void switch_traffic(std::size_t rollout);
  void ready(std::uint32_t id);
  void check_gone(std::uint32_t id);
  void serve(std::uint32_t id);
  void changed();
  void tell();
  Clock::time_point after(Duration delay) const;

  const RunContext& context_;
  std::function<void(std::size_t)> rollout_ended_;
  std::vector<Member> members_;          ///< by id
  std::vector<Rolling> rollouts_;
  Instant overlap_from_ = Instant::never();
  Duration overlap_{};
  int deployments_ = 0;
  std::vector<std::pair<Instant, std::string>> told_;  ///< by version: since when, what
};

}  // namespace midflight::backends
