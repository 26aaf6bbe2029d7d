#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/kernel/time.h"
#include "sim/model/statement.h"

namespace midflight::check {

/// A SET, RESET or set_config() of one of the timeouts.
struct SettingChange {
  enum class Name { Lock, Statement, IdleInTransaction } name = Name::Lock;
  std::optional<Duration> value;  ///< none: back to the default
  bool local = false;             ///< until the end of the transaction
};

/// Returns: nothing for any other statement.
std::optional<SettingChange> setting_change(const Statement& statement);

/// "5s", "'500ms'", "3000" as PostgreSQL reads a time; a bare number is milliseconds.
std::optional<Duration> setting_duration(std::string_view text);

}  // namespace midflight::check
