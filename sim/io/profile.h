#pragma once

#include <string>
#include <string_view>

#include "sim/cost/profile.h"
#include "sim/model/scenario.h"

namespace midflight::io {

/// Reads the parameters of a server, as `midflight calibrate` writes them: one
/// number per key of cost::Profile, over the values of `defaults`.
/// Errors: as read_scenario(): every problem at once, with its place.
cost::Profile read_profile(const std::string& path, const cost::Profile& defaults);
cost::Profile parse_profile(std::string_view yaml, const std::string& file_name, const cost::Profile& defaults);

/// The YAML that parse_profile() reads back as the same numbers.
std::string profile_text(const cost::Profile& profile);

/// The profile that a scenario names, relative to its file, or holds as text of
/// several lines, or its engine's default.
cost::Profile profile_of(const Scenario& scenario);

}  // namespace midflight::io
