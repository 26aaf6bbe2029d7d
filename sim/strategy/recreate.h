#pragma once

#include "sim/model/scenario.h"
#include "sim/strategy/plan_builder.h"
#include "sim/strategy/successor.h"

namespace midflight::strategy {

/// Adds the steps that give the new column every index and constraint of the
/// old one, each in the way that blocks least: indexes CONCURRENTLY,
/// constraints NOT VALID and then VALIDATE, NOT NULL through a CHECK.
///
/// SQLite rebuilds the table for each constraint whatever the words, so there
/// they are added at once.
/// Scope:  ON DELETE actions of a foreign key are not known here and not repeated.
/// Errors: Error(NotSupported) for an index whose definition cannot be followed.
void recreate_on_successor(PlanBuilder& plan, const Successor& successor, const Scenario& scenario);

/// Adds the steps that make a column NOT NULL by way of a validated CHECK.
/// Source: PostgreSQL manual, ALTER TABLE, SET NOT NULL (12 and later).
void set_not_null_by_check(PlanBuilder& plan, const Schema& schema, const std::string& table, const std::string& column);

/// Adds the step that lets a version leave the old column out of its INSERTs,
/// if the schema does not let it already.
void let_old_column_be_absent(PlanBuilder& plan, const Successor& successor, const Scenario& scenario);

}  // namespace midflight::strategy
