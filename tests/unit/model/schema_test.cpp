#include "sim/model/schema.h"

#include <gtest/gtest.h>

namespace midflight {
namespace {

Schema users() {
  Table table;
  table.name = "users";
  Column id, name;
  id.name = "id";
  name.name = "name";
  table.columns = {id, name};
  Constraint key;
  key.kind = ConstraintKind::PrimaryKey;
  key.columns = {"id"};
  table.constraints = {key};
  Index index;
  index.name = "users_pkey";
  index.table = "users";
  table.indexes = {index};
  Schema schema;
  schema.tables = {table};
  return schema;
}

View view_over(const std::string& name, const std::string& table) {
  View view;
  view.name = name;
  view.table = table;
  return view;
}

TEST(Schema, FindsWhatIsThereAndNothingElse) {
  Schema schema = users();
  ASSERT_NE(schema.table("users"), nullptr);
  EXPECT_EQ(schema.table("orders"), nullptr);
  EXPECT_EQ(schema.table("users")->column("name")->name, "name");
  EXPECT_EQ(schema.table("users")->column("full_name"), nullptr);
  EXPECT_EQ(schema.index("users_pkey")->table, "users");
  EXPECT_EQ(schema.index("users_name"), nullptr);
}

TEST(Table, PrimaryKeyIsEmptyWithoutOne) {
  Schema schema = users();
  EXPECT_EQ(schema.table("users")->primary_key(), std::vector<std::string>{"id"});
  schema.table("users")->constraints.clear();
  EXPECT_TRUE(schema.table("users")->primary_key().empty());
}

TEST(Schema, FollowsSimpleViewsToTheirTable) {
  Schema schema = users();
  schema.views = {view_over("people", "users"), view_over("persons", "people"), view_over("report", "")};
  EXPECT_EQ(schema.base_table("users")->name, "users");
  EXPECT_EQ(schema.base_table("persons")->name, "users");
  EXPECT_EQ(schema.base_table("report"), nullptr);
  EXPECT_EQ(schema.base_table("nothing"), nullptr);
}

TEST(Schema, ViewsInACircleHaveNoTable) {
  Schema schema;
  schema.views = {view_over("a", "b"), view_over("b", "a")};
  EXPECT_EQ(schema.base_table("a"), nullptr);
}

}  // namespace
}  // namespace midflight
