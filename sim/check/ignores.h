#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/check/finding.h"

namespace midflight::check {

/// `-- midflight: ignore RULE reason` before a statement, or on its lines.
struct Ignore {
  std::string rule;
  std::string reason;
  bool used = false;
};

/// The ignores that a statement's comments hold.
std::vector<Ignore> ignores_in(std::string_view comments);

/// Takes out the findings that an ignore silences, and adds one for every
/// ignore that is unknown, has no reason or silences nothing.
/// Returns: how many were silenced.
int silence(std::vector<Finding>& findings, std::vector<Ignore> ignores, const Span& where);

}  // namespace midflight::check
