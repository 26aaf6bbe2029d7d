#include "sim/fleet/fleet.h"

#include <algorithm>

namespace midflight::fleet {

InstanceId Fleet::add(std::uint32_t version) {
  Instance instance{version, Instance::State::Starting, conduct::Pool(pool_size_)};
  instances_.push_back(instance);
  return static_cast<InstanceId>(instances_.size() - 1);
}

void Fleet::count(std::uint32_t version, int by) {
  const bool before = serving_of_[version] > 0;
  serving_of_[version] += by;
  versions_serving_ += static_cast<int>(serving_of_[version] > 0) - static_cast<int>(before);
}

void Fleet::serve(InstanceId id) {
  instances_[id].state = Instance::State::Serving;
  serving_.push_back(id);
  count(instances_[id].version, 1);
}

void Fleet::drain(InstanceId id) {
  if (const auto at = std::find(serving_.begin(), serving_.end(), id); at != serving_.end()) {
    serving_.erase(at);
    count(instances_[id].version, -1);
  }
  instances_[id].state = Instance::State::Draining;
}

int Fleet::alive() const {
  return static_cast<int>(std::count_if(instances_.begin(), instances_.end(),
                                        [](const Instance& i) { return i.state != Instance::State::Gone; }));
}

}  // namespace midflight::fleet
