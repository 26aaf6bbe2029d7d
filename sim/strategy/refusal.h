#pragma once

#include <string>

#include "sim/kernel/error.h"

namespace midflight::strategy {

/// A strategy recognises the change but cannot do it; `propose` turns this
/// into a refused proposal.
[[noreturn]] inline void refuse(const std::string& why) { throw Error(ErrorCode::NotSupported, why); }

}  // namespace midflight::strategy
