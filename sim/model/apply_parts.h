#pragma once

#include <string>
#include <vector>

#include "sim/model/operation.h"

/// The pieces of apply(), by family.  Internal to this room.
///
/// Each returns an empty string, or the server's answer to an operation that
/// does not fit; then the schema is unchanged.

namespace midflight::apply_parts {

std::string apply_one(const AddColumn& operation, Schema& schema);
std::string apply_one(const DropColumn& operation, Schema& schema);
std::string apply_one(const RenameColumn& operation, Schema& schema);
std::string apply_one(const AlterColumnType& operation, Schema& schema);
std::string apply_one(const SetNotNull& operation, Schema& schema);
std::string apply_one(const DropNotNull& operation, Schema& schema);
std::string apply_one(const SetDefault& operation, Schema& schema);

std::string apply_one(const AddConstraint& operation, Schema& schema);
std::string apply_one(const ValidateConstraint& operation, Schema& schema);
std::string apply_one(const DropConstraint& operation, Schema& schema);
std::string apply_one(const RenameConstraint& operation, Schema& schema);

std::string apply_one(const CreateView& operation, Schema& schema);
std::string apply_one(const DropView& operation, Schema& schema);
std::string apply_one(const RenameTable& operation, Schema& schema);

/// A table or view of that name.
bool relation_exists(const Schema& schema, const std::string& name);
/// Why a constraint does not fit a table, or "".
std::string bad_constraint(const Constraint& constraint, const Table& table, const Schema& schema);
/// Adds a constraint with the index behind it and the NOT NULL a primary key brings.
void add_constraint(Table& table, const Constraint& constraint, const std::string& using_index);
void rename_index(Table& table, const std::string& from, const std::string& to);
/// Views that show or read a column of a table.
std::vector<std::string> views_on_column(const Schema& schema, const std::string& table, const std::string& column);

std::string no_column(const std::string& table, const std::string& column);

}  // namespace midflight::apply_parts
