#include "sim/run/world.h"

#include <algorithm>

// Whether what fails when a run ends would fail for as long as anybody waits.

namespace midflight {

namespace {

/// Whoever starts or stands by may yet bring a version that fits.
bool settled(const fleet::Fleet& fleet) {
  for (std::uint32_t i = 0; i < fleet.size(); ++i) {
    const fleet::Instance::State state = fleet[i].state;
    if (state == fleet::Instance::State::Starting || state == fleet::Instance::State::Ready) return false;
  }
  return true;
}

}  // namespace

/// The driver keeps plans that no longer fit, on any connection of the version.
bool World::plan_is_stale(std::uint32_t version, std::uint32_t endpoint) const {
  if (!program_.plans_go_stale || scenario_.app.on_stale_plan != Application::OnStalePlan::Fail) return false;
  const std::vector<std::uint32_t>& statements = program_.table[version][endpoint].statements;
  for (const fleet::InstanceId instance : fleet_.serving()) {
    if (fleet_[instance].version != version) continue;
    for (const std::vector<const Epoch*>& connection : prepared_[instance]) {
      const bool stale = std::any_of(statements.begin(), statements.end(), [&](std::uint32_t s) {
        return s < connection.size() && connection[s] != nullptr && epoch_->result_changed(program_, s, *connection[s]);
      });
      if (stale) return true;
    }
  }
  return false;
}

bool World::fails_for_ever() {
  if (!settled(fleet_)) return false;
  double all = 0, failing = 0;
  for (const Stream& stream : streams()) {
    all += stream.rate;
    const bool fails = stream.error != metrics::kSuccess || plan_is_stale(stream.version, stream.endpoint);
    if (fails) failing += stream.rate;
  }
  return failing > scenario_.objective.errors * all;
}

}  // namespace midflight
