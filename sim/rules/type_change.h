#pragma once

#include <string>
#include <string_view>

namespace midflight::rules {

/// True if PostgreSQL changes the column's type in the catalog only: the stored
/// bytes mean the same under both types and no length or precision shrinks.
///
/// Types as PostgreSQL prints them ("character varying(50)", "numeric(10,2)").
/// Source: PostgreSQL manual, ALTER TABLE, "Notes"; CREATE CAST, "WITHOUT FUNCTION".
/// Scope:  any USING other than the column or a free cast of it counts as a
///         rewrite, and so does timestamp to timestamptz, which is free only
///         where the session's time zone is UTC; domains are the caller's.
bool is_metadata_only_type_change(std::string_view from, std::string_view to, std::string_view using_sql,
                                  std::string_view column = "");

/// True if both types sort and compare alike, so that an index on the column
/// can keep its file.
bool orders_alike(std::string_view from, std::string_view to);

}  // namespace midflight::rules
