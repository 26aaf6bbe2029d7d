#pragma once

#include <string>

#include "sim/sql/tree.h"

namespace midflight::sql {

/// A type as PostgreSQL prints it: "character varying(50)", "bigint", "text[]".
std::string type_text(const PgQuery__TypeName& type);

/// serial, bigserial or smallserial: an integer with a sequence.
bool is_serial(const PgQuery__TypeName& type);

/// The integer type behind a serial one.
std::string serial_base(const PgQuery__TypeName& type);

/// The name of the first volatile function an expression calls, or "".
/// Scope: functions of PostgreSQL and its uuid-ossp and pgcrypto extensions;
///        a function nobody knows counts as stable.
std::string volatile_call(const Node* expression);

/// True for an expression that calls a function for random UUIDs.
bool draws_uuid(const Node* expression);

/// True for an expression that reads no column and no relation: the same for
/// every row of a statement.
bool is_row_free(const Node* expression);

}  // namespace midflight::sql
