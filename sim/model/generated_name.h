#pragma once

#include <string>
#include <vector>

#include "sim/model/schema.h"

namespace midflight {

/// "users_email_key" as PostgreSQL makes names up: table, middle part and label
/// joined by "_", the longer of the first two cut until 63 bytes suffice, and to
/// whole characters then.  A schema in front of the table is not part of the name.
std::string generated_name(const std::string& table, const std::string& middle, const std::string& label);

/// The next name to try where `first`, made up for the table, is taken: a number
/// behind its label, for which the parts before it are cut further if they must be.
std::string numbered_name(const std::string& first, const std::string& table, int number);

/// The names joined by "_": the middle part of an index's or constraint's name.
std::string joined_names(const std::vector<std::string>& names);

/// What PostgreSQL calls the index or constraint that `table` gets for one of
/// another table (LIKE INCLUDING INDEXES, a partition's share of an index), if nothing has that name.
std::string copied_index_name(const std::string& table, const Index& original, const Table& owner);

}  // namespace midflight
