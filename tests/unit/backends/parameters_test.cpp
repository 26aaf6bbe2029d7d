#include "backends/data/parameters.h"

#include <gtest/gtest.h>

#include "sim/sql/parse.h"
#include "tests/conformance/subject.h"

namespace midflight::backends {
namespace {

using Role = ParameterUse::Role;

std::vector<ParameterUse> uses(const std::string& text) { return parameter_uses(sql::parse_one(text), users_schema()); }

TEST(Parameters, AComparedColumnIsAKey) {
  EXPECT_EQ(uses("SELECT name FROM users WHERE id = $1"), (std::vector<ParameterUse>{{Role::Key, 1, "users", "id"}}));
  EXPECT_EQ(uses("SELECT name FROM users u WHERE u.id = $1"), (std::vector<ParameterUse>{{Role::Key, 1, "users", "id"}}));
  EXPECT_EQ(uses("SELECT name FROM users WHERE $1 = id"), (std::vector<ParameterUse>{{Role::Key, 1, "users", "id"}}));
}

TEST(Parameters, InsertedValuesGoToTheirColumns) {
  EXPECT_EQ(uses("INSERT INTO users (name) VALUES ($1)"), (std::vector<ParameterUse>{{Role::Written, 1, "users", "name"}}));
  EXPECT_EQ(uses("INSERT INTO users VALUES ($2, $1)"),
            (std::vector<ParameterUse>{{Role::Written, 2, "users", "id"}, {Role::Written, 1, "users", "name"}}));
}

TEST(Parameters, ACastDoesNotHideTheColumn) {
  EXPECT_EQ(uses("INSERT INTO users (id, name) VALUES ($1, $2::varchar(50))")[1], (ParameterUse{Role::Written, 2, "users", "name"}));
  EXPECT_EQ(uses("UPDATE users SET name = CAST($1 AS text) WHERE id = $2"),
            (std::vector<ParameterUse>{{Role::Written, 1, "users", "name"}, {Role::Key, 2, "users", "id"}}));
}

TEST(Parameters, EveryAssignedColumnOfAnUpdateIsWritten) {
  EXPECT_EQ(uses("UPDATE users SET name = $2, id = $3 WHERE id = $1 RETURNING id, name"),
            (std::vector<ParameterUse>{{Role::Written, 2, "users", "name"}, {Role::Written, 3, "users", "id"},
                                       {Role::Key, 1, "users", "id"}}));
}

TEST(Parameters, ALimitIsANumber) {
  EXPECT_EQ(uses("SELECT name FROM users ORDER BY id LIMIT $1"), (std::vector<ParameterUse>{{Role::Number, 1, "", ""}}));
}

}  // namespace
}  // namespace midflight::backends
