#pragma once

#include "tests/tidy/tree.h"

namespace midflight::tidy {

/// Rooms use only what stands left of them:
///   kernel, graph -> model -> sql -> {compat, rules, cost} -> strategy -> conduct
///   -> {locks, traffic, fleet, metrics} -> run -> {check, io, backends} -> cli, python.
/// Rooms that stand together do not use each other.
Findings wrong_arrows(const Tree& tree);

/// Each third-party package is included in the room that owns it alone, fmt in
/// sources alone, and a package without an owner nowhere.
/// Scope: the product; tests and examples may use what they like.
Findings strayed_packages(const Tree& tree);

/// Project headers named from the root of the checkout that are not there.
Findings missing_headers(const Tree& tree);

}  // namespace midflight::tidy
