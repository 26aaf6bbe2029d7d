#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <string>

#include "sim/io/scenario_tree.h"

namespace midflight::python {

/// A scenario with the text it was read from.  Never changes.
class BoundScenario {
 public:
  /// Errors: as io::parse_scenario().
  explicit BoundScenario(io::ScenarioText text);

  const Scenario& value() const { return *value_; }
  const io::ScenarioText& text() const { return text_; }
  /// Another one, with more values replaced.
  BoundScenario with(const io::ScenarioOverrides& overrides) const;

 private:
  io::ScenarioText text_;
  std::shared_ptr<const Scenario> value_;
};

/// class Scenario of the core: read, vary, write.
void bind_scenario(pybind11::module_& m);

}  // namespace midflight::python
