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
std::string apply_one(const ChangeIdentity& operation, Schema& schema);
std::string apply_one(const DropExpression& operation, Schema& schema);

std::string apply_one(const AddConstraint& operation, Schema& schema);
std::string apply_one(const ValidateConstraint& operation, Schema& schema);
std::string apply_one(const DropConstraint& operation, Schema& schema);
std::string apply_one(const RenameConstraint& operation, Schema& schema);

std::string apply_one(const CreateTable& operation, Schema& schema);
std::string apply_one(const DropTable& operation, Schema& schema);
std::string apply_one(const Truncate& operation, Schema& schema);
std::string apply_one(const ChangeStorage& operation, Schema& schema);
std::string apply_one(const SetSchema& operation, Schema& schema);
std::string apply_one(const RelationSetting& operation, Schema& schema);

std::string apply_one(const AttachPartition& operation, Schema& schema);
std::string apply_one(const DetachPartition& operation, Schema& schema);
std::string apply_one(const ChangeInheritance& operation, Schema& schema);

std::string apply_one(const CreateView& operation, Schema& schema);
std::string apply_one(const DropView& operation, Schema& schema);
std::string apply_one(const RenameTable& operation, Schema& schema);

std::string apply_one(const SetExpression& operation, Schema& schema);

// apply_index.cpp
std::string apply_one(const CreateIndex& operation, Schema& schema);
std::string apply_one(const DropIndex& operation, Schema& schema);
std::string apply_one(const RenameIndex& operation, Schema& schema);
std::string apply_one(const AttachIndex& operation, Schema& schema);
std::string apply_one(const Reindex& operation, Schema& schema);

// apply_type.cpp
std::string apply_one(const CreateDomain& operation, Schema& schema);
std::string apply_one(const AlterDomain& operation, Schema& schema);
std::string apply_one(const CreateEnum& operation, Schema& schema);
std::string apply_one(const ChangeEnum& operation, Schema& schema);
std::string apply_one(const CreateComposite& operation, Schema& schema);
std::string apply_one(const ChangeAttribute& operation, Schema& schema);
std::string apply_one(const RenameType& operation, Schema& schema);
std::string apply_one(const DropType& operation, Schema& schema);

// apply_trigger.cpp
std::string apply_one(const CreateTrigger& operation, Schema& schema);
std::string apply_one(const DropTrigger& operation, Schema& schema);
std::string apply_one(const RenameTrigger& operation, Schema& schema);
std::string apply_one(const DropFunction& operation, Schema& schema);

// apply_object.cpp
std::string apply_one(const CreateSequence& operation, Schema& schema);
std::string apply_one(const ChangeSequence& operation, Schema& schema);
std::string apply_one(const DropSequence& operation, Schema& schema);
std::string apply_one(const RefreshView& operation, Schema& schema);
std::string apply_one(const DropMaterializedView& operation, Schema& schema);
std::string apply_one(const CreateStatistics& operation, Schema& schema);
std::string apply_one(const DropStatistics& operation, Schema& schema);
std::string apply_one(const CreateSchema& operation, Schema& schema);
std::string apply_one(const DropSchema& operation, Schema& schema);
std::string apply_one(const RenameSchema& operation, Schema& schema);
std::string apply_one(const Maintenance& operation, Schema& schema);
std::string apply_one(const LockTables& operation, Schema& schema);
std::string apply_one(const MoveAll& operation, Schema& schema);
std::string apply_one(const EnforceConstraint& operation, Schema& schema);

/// A table or view of that name.
bool relation_exists(const Schema& schema, const std::string& name);
/// Why a constraint does not fit a table, or "".
std::string bad_constraint(const Constraint& constraint, const Table& table, const Schema& schema);
/// Adds a constraint with the index behind it and the NOT NULL a primary key brings.
void add_constraint(Table& table, const Constraint& constraint, const std::string& using_index);
void rename_index(Table& table, const std::string& from, const std::string& to);
/// The table with all that LIKE, parents, a row type or a query give it.
/// Returns: "" or why it cannot be.
std::string complete(Table& table, const CreateTable& operation, const Schema& schema);
/// What a table gets as a part of `parent`: its checks, keys and indexes.
void inherit_parts(Table& heir, const Table& parent, const Schema& schema);
/// The sequence behind a serial or identity column.
void add_sequence(Schema& schema, const Table& table, const Column& column);
void drop_sequences(Schema& schema, const std::string& table, const std::string& column = "");

std::string no_relation(const std::string& relation);
std::string no_column(const std::string& table, const std::string& column);

}  // namespace midflight::apply_parts
