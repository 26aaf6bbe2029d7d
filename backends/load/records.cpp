#include "backends/load/records.h"

#include <algorithm>

#include "sim/kernel/error.h"

namespace midflight::backends {

std::uint16_t ErrorNumbers::number(const ErrorKind& kind) {
  if (kind.error == ErrorClass::None) return 0;
  const std::lock_guard guard(mutex_);
  const auto known = std::find(kinds_.begin() + 1, kinds_.end(), kind);
  if (known != kinds_.end()) return static_cast<std::uint16_t>(known - kinds_.begin());
  MIDFLIGHT_CHECK(kinds_.size() < 65535);
  kinds_.push_back(kind);
  return static_cast<std::uint16_t>(kinds_.size() - 1);
}

std::vector<ErrorKind> ErrorNumbers::kinds() const {
  const std::lock_guard guard(mutex_);
  return kinds_;
}

}  // namespace midflight::backends
