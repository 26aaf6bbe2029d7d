#pragma once

#include <vector>

#include "backends/backend.h"
#include "backends/crew.h"
#include "backends/event_loop.h"
#include "backends/load/generator.h"
#include "sim/model/measurement.h"
#include "sim/strategy/strategy.h"

namespace midflight::backends {

/// The told story of a replay; from the loop's thread only.
class Story {
 public:
  void tell(Instant at, Instant until, std::string lane, std::string what) {
    entries_.push_back({at, until, std::move(lane), std::move(what)});
  }
  std::vector<TimelineEntry> take() { return std::move(entries_); }

 private:
  std::vector<TimelineEntry> entries_;
};

/// What every part of a running replay works with.  References only.
struct RunContext {
  Backend& backend;
  const Scenario& scenario;
  const strategy::Proposal& proposal;
  const Catalogue& catalogue;
  const ClientApplication& application;
  const traffic::Environment& environment;
  const RunClock& clock;
  EventLoop& loop;
  Crew& crew;
  LoadGenerator& load;
  Story& story;

  const Step& step(std::size_t index) const { return proposal.plan.steps[index]; }
};

}  // namespace midflight::backends
