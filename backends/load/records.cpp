#include "backends/load/records.h"

namespace midflight::backends {
namespace {

constexpr std::size_t kKindsMax = 1000;

// Source: PostgreSQL manual, appendix A.  Constraints (23) are named, and the row's values stand in the detail.
bool repeats_values(const std::string& sqlstate) { return sqlstate.starts_with("22") || sqlstate.starts_with("P0"); }

}  // namespace

std::uint16_t ErrorNumbers::number(const ErrorKind& kind) {
  if (kind.error == ErrorClass::None) return 0;
  const std::lock_guard guard(mutex_);
  Key key{kind.error, kind.sqlstate, repeats_values(kind.sqlstate) ? std::string() : kind.message};
  auto known = numbers_.find(key);
  if (known == numbers_.end() && kinds_.size() >= kKindsMax) {
    // A class has few states, but users make their own.
    std::get<2>(key).clear();
    if (kinds_.size() >= 2 * kKindsMax) std::get<1>(key).clear();
    known = numbers_.find(key);
  }
  if (known != numbers_.end()) return known->second;
  kinds_.push_back(kind);
  return numbers_.emplace(std::move(key), static_cast<std::uint16_t>(kinds_.size() - 1)).first->second;
}

std::vector<ErrorKind> ErrorNumbers::kinds() const {
  const std::lock_guard guard(mutex_);
  return kinds_;
}

}  // namespace midflight::backends
