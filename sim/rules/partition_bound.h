#pragma once

#include "sim/model/schema.h"

namespace midflight::rules {

/// True if valid CHECK and NOT NULL constraints prove that every row of the
/// table lies within the bound it shall have as a partition, so that ATTACH
/// reads none.
///
/// Scope: bounds on one column, LIST and RANGE, with plain literals; a CHECK
///        made of `column operator literal` and IS NOT NULL joined by AND.
///        PostgreSQL's prover knows more: what is not recognised counts as not
///        proven, which predicts a scan too many, never one too few.
/// Source: PostgreSQL manual, ALTER TABLE, "ATTACH PARTITION".
bool rows_fit_bound(const Table& table, const Table& parent, const std::string& bound);

/// True if a CHECK says `column IS NOT NULL`, alone or joined to more by AND.
bool check_proves_not_null(const Constraint& check, const std::string& column);

/// True if such constraints prove that no row of the default partition belongs
/// into the bound.
bool rows_outside_bound(const Table& rest, const Table& parent, const std::string& bound);

}  // namespace midflight::rules
