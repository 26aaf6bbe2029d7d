#pragma once

#include <string>
#include <string_view>

namespace midflight::rules {

/// True if PostgreSQL changes the column's type in the catalog only: the stored
/// bytes mean the same under both types and no length or precision shrinks.
///
/// Types as PostgreSQL prints them ("character varying(50)", "numeric(10,2)").
/// Source: PostgreSQL manual, ALTER TABLE, "Notes"; CREATE CAST, "WITHOUT FUNCTION".
/// Scope:  any USING other than the plain column counts as a rewrite, and so
///         does timestamp to timestamptz, which is free only where the
///         session's time zone is UTC; domains and collations are left out.
bool is_metadata_only_type_change(std::string_view from, std::string_view to, std::string_view using_sql);

}  // namespace midflight::rules
