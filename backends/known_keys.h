#pragma once

#include <functional>
#include <string>
#include <vector>

#include "backends/backend.h"
#include "backends/data/catalogue.h"
#include "sim/model/version.h"

namespace midflight::backends {

/// For tables that are used as they are: what requests look rows up by becomes
/// what some of the rows there really hold, columns of one row together; and
/// what names a row of another table names one of those.
///
/// `note`: told of tables that requests look for rows in and that have none.
/// Errors:  Error(Database) when a column is not there or may not be read.
/// Cost:    for every table that requests look for rows in, some ten thousand
///          rows of it, from pages chosen at random.
void use_known_keys(Backend& backend, const std::vector<Version>& versions, Catalogue& catalogue,
                    const std::function<void(const std::string&)>& note);

}  // namespace midflight::backends
