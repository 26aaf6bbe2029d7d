#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/model/scenario.h"

namespace midflight::io {

/// How a known tool or team takes its locks: a value of `migration.policy`.
///
/// Scope:  lock timeout, tries, pauses, statement timeout and batches only; what
///         else a tool does (killing blockers, jitter) is left out, see `note`.
/// Source: the tools' documentation and defaults, as of 2025.
struct PolicyPreset {
  std::string_view name;
  Duration lock_timeout;
  Retry retry{};
  std::optional<Duration> statement_timeout{};
  std::optional<std::int64_t> batch{};
  std::optional<Duration> batch_pause{};
  std::string_view note{};  ///< what the preset simplifies, for the assumptions
};

const std::vector<PolicyPreset>& policy_presets();
/// The preset of a name, or nullptr.
const PolicyPreset* policy_preset(std::string_view name);

}  // namespace midflight::io
