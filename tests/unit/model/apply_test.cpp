#include <gtest/gtest.h>

#include "sim/model/operation.h"
#include "sim/model/sql_text.h"

namespace midflight {
namespace {

Column column(const std::string& name, const std::string& type) {
  Column out;
  out.name = name;
  out.type = type;
  return out;
}

Constraint check(const std::string& name, const std::string& on, const std::string& expression) {
  Constraint out;
  out.name = name;
  out.columns = {on};
  out.expression = expression;
  return out;
}

Constraint key(const std::string& name, ConstraintKind kind, const std::string& on) {
  Constraint out;
  out.name = name;
  out.kind = kind;
  out.columns = {on};
  return out;
}

/// users(id, name) with a check on name and a view that shows it.
Schema users() {
  Schema schema;
  Table table;
  table.name = "users";
  table.columns = {column("id", "bigint"), column("name", "text"), column("email", "text")};
  EXPECT_EQ(apply(CreateTable{table}, schema), "");
  EXPECT_EQ(apply(AddConstraint{"users", key("users_pkey", ConstraintKind::PrimaryKey, "id"), ""}, schema), "");
  EXPECT_EQ(apply(AddConstraint{"users", check("named", "name", "name <> 'name'"), ""}, schema), "");
  Index index;
  index.name = "users_name_idx";
  index.table = "users";
  index.columns = {"name"};
  index.sql = "CREATE INDEX users_name_idx ON users (lower(name))";
  EXPECT_EQ(apply(CreateIndex{index}, schema), "");
  return schema;
}

Schema with_view() {
  Schema schema = users();
  View view{"people", "users", {{"id", "id"}, {"name", "name"}}, "SELECT id AS id, name AS name FROM users"};
  EXPECT_EQ(apply(CreateView{view}, schema), "");
  return schema;
}

// PostgreSQL: "cannot alter type of a column used by a view or rule", whatever the view.
TEST(Apply, ATypeStaysWhileAViewOverSeveralTablesUsesTheColumn) {
  const auto misfit = [](const std::string& sql) {
    Schema schema = users();
    schema.views.push_back({"joined", "", {}, sql});
    return apply(AlterColumnType{"users", "name", "text", ""}, schema);
  };
  const std::string refused = "cannot alter type of a column used by a view or rule";
  EXPECT_EQ(misfit("SELECT u.name, o.total FROM users u JOIN orders o ON o.user_id = u.id"), refused);
  EXPECT_EQ(misfit("SELECT o.total FROM orders o, users AS u WHERE name = 'x'"), refused);
  EXPECT_EQ(misfit("SELECT u.* FROM users u JOIN orders o ON o.user_id = u.id"), refused);
  EXPECT_EQ(misfit("SELECT o.name AS name FROM users u JOIN orders o ON o.user_id = u.id"), "");
  EXPECT_EQ(misfit("SELECT count(*) FROM users u JOIN orders o ON o.user_id = u.id"), "");
  EXPECT_EQ(misfit("SELECT name FROM people p JOIN orders o ON o.user_id = p.id"), "");
}

TEST(Apply, APrimaryKeyBringsAnIndexAndNotNull) {
  const Schema schema = users();
  EXPECT_TRUE(schema.table("users")->column("id")->not_null);
  ASSERT_NE(schema.index("users_pkey"), nullptr);
  EXPECT_TRUE(schema.index("users_pkey")->constraint);
}

TEST(Apply, ARenamedColumnIsRenamedWhereverItIsRead) {
  Schema schema = with_view();
  ASSERT_EQ(apply(RenameColumn{"users", "name", "full_name"}, schema), "");
  EXPECT_EQ(schema.table("users")->constraints[1].expression, "full_name <> 'name'");
  EXPECT_EQ(schema.table("users")->constraints[1].columns.at(0), "full_name");
  EXPECT_EQ(schema.index("users_name_idx")->sql, "CREATE INDEX users_name_idx ON users (lower(full_name))");
}

TEST(Apply, AViewKeepsItsOutputNamesThroughARename) {
  Schema schema = with_view();
  ASSERT_EQ(apply(RenameColumn{"users", "name", "full_name"}, schema), "");
  const View& view = *schema.view("people");
  EXPECT_EQ(view.sql, "SELECT id AS id, full_name AS name FROM users");
  EXPECT_EQ(view.outputs[1].name, "name");
  EXPECT_EQ(view.outputs[1].column, "full_name");
}

TEST(Apply, AViewOverAViewShowsColumnsOfTheTableUnderARename) {
  Schema schema = with_view();
  const View over{"folk", "people", {{"*", "*"}}, "SELECT * FROM people", {{"people", {}, true}}};
  ASSERT_EQ(apply(CreateView{over}, schema), "");
  ASSERT_EQ(apply(RenameColumn{"users", "name", "full_name"}, schema), "");
  const View& view = *schema.view("folk");
  EXPECT_EQ(view.table, "users");
  ASSERT_EQ(view.outputs.size(), 2U);
  EXPECT_EQ(view.outputs[1].name, "name");
  EXPECT_EQ(view.outputs[1].column, "full_name");
  EXPECT_EQ(view.sql, "SELECT * FROM people");
}

TEST(Apply, ARenamedTableIsFollowed) {
  Schema schema = with_view();
  ASSERT_EQ(apply(RenameTable{"users", "users_data"}, schema), "");
  EXPECT_EQ(schema.view("people")->table, "users_data");
  EXPECT_EQ(schema.view("people")->sql, "SELECT id AS id, name AS name FROM users_data");
  EXPECT_EQ(schema.index("users_name_idx")->table, "users_data");
  EXPECT_EQ(schema.index("users_name_idx")->sql, "CREATE INDEX users_name_idx ON users_data (lower(name))");
  EXPECT_EQ(schema.table("users"), nullptr);
}

TEST(Apply, ADroppedColumnTakesItsIndexesAndConstraints) {
  Schema schema = users();
  ASSERT_EQ(apply(DropColumn{"users", "name"}, schema), "");
  EXPECT_EQ(schema.index("users_name_idx"), nullptr);
  EXPECT_EQ(schema.table("users")->constraints.size(), 1U);
}

TEST(Apply, AColumnThatAViewShowsStays) {
  Schema schema = with_view();
  const Schema before = schema;
  EXPECT_EQ(apply(DropColumn{"users", "name"}, schema),
            "cannot drop column name of table users because other objects depend on it");
  EXPECT_EQ(schema, before);
  EXPECT_EQ(apply(DropColumn{"users", "email"}, schema), "");
  EXPECT_EQ(apply(DropColumn{"users", "name", false, true}, schema), "");
  EXPECT_EQ(schema.view("people"), nullptr);
}

TEST(Apply, AViewFixesTheTypeOfItsColumns) {
  Schema schema = with_view();
  EXPECT_EQ(apply(AlterColumnType{"users", "name", "integer", ""}, schema), "cannot alter type of a column used by a view or rule");
  EXPECT_EQ(apply(AlterColumnType{"users", "email", "integer", ""}, schema), "");
  EXPECT_EQ(schema.table("users")->column("email")->type, "integer");
}

TEST(Apply, MisfitsAreToldAsTheServerTellsThem) {
  Schema schema = users();
  const Schema before = schema;
  EXPECT_EQ(apply(RenameColumn{"users", "nam", "x"}, schema), "column \"nam\" does not exist");
  EXPECT_EQ(apply(RenameColumn{"users", "name", "email"}, schema), "column \"email\" of relation \"users\" already exists");
  EXPECT_EQ(apply(DropColumn{"users", "nam"}, schema), "column \"nam\" of relation \"users\" does not exist");
  EXPECT_EQ(apply(AddColumn{"users", column("name", "text"), {}}, schema), "column \"name\" of relation \"users\" already exists");
  EXPECT_EQ(apply(AddColumn{"people", column("x", "text"), {}}, schema), "relation \"people\" does not exist");
  EXPECT_EQ(apply(SetNotNull{"users", "nam"}, schema), "column \"nam\" of relation \"users\" does not exist");
  EXPECT_EQ(apply(DropNotNull{"users", "id"}, schema), "column \"id\" is in a primary key");
  EXPECT_EQ(apply(DropIndex{"nope"}, schema), "index \"nope\" does not exist");
  EXPECT_EQ(apply(DropIndex{"users_pkey"}, schema),
            "cannot drop index users_pkey because constraint users_pkey on table users requires it");
  EXPECT_EQ(apply(DropConstraint{"users", "x"}, schema), "constraint \"x\" of relation \"users\" does not exist");
  EXPECT_EQ(apply(AddConstraint{"users", check("named", "name", "true"), ""}, schema),
            "constraint \"named\" for relation \"users\" already exists");
  EXPECT_EQ(apply(AddConstraint{"users", key("k", ConstraintKind::PrimaryKey, "name"), ""}, schema),
            "multiple primary keys for table \"users\" are not allowed");
  EXPECT_EQ(schema, before);
}

TEST(Apply, IfExistsForgivesWhatIsMissing) {
  Schema schema = users();
  EXPECT_EQ(apply(DropColumn{"users", "nam", true}, schema), "");
  EXPECT_EQ(apply(DropTable{"people", true}, schema), "");
  EXPECT_EQ(apply(DropIndex{"nope", false, true}, schema), "");
  EXPECT_EQ(apply(AddColumn{"users", column("name", "text"), {}, true}, schema), "");
}

TEST(Apply, AUniqueIndexBecomesAConstraint) {
  Schema schema = users();
  Index index;
  index.name = "u";
  index.table = "users";
  index.columns = {"email"};
  index.unique = true;
  ASSERT_EQ(apply(CreateIndex{index}, schema), "");
  ASSERT_EQ(apply(AddConstraint{"users", key("email_key", ConstraintKind::Unique, "email"), "u"}, schema), "");
  EXPECT_EQ(schema.index("u"), nullptr);
  EXPECT_TRUE(schema.index("email_key")->constraint);
  ASSERT_EQ(apply(DropConstraint{"users", "email_key"}, schema), "");
  EXPECT_EQ(schema.index("email_key"), nullptr);
}

TEST(Apply, ValidationMakesAConstraintValid) {
  Schema schema = users();
  Constraint late = check("late", "email", "email <> ''");
  late.valid = false;
  ASSERT_EQ(apply(AddConstraint{"users", late, ""}, schema), "");
  ASSERT_EQ(apply(ValidateConstraint{"users", "late"}, schema), "");
  EXPECT_TRUE(schema.table("users")->constraints.back().valid);
}

TEST(Apply, AStarInAViewMeansTheColumnsOfItsTime) {
  Schema schema = users();
  ASSERT_EQ(apply(CreateView{{"v", "users", {{"*", "*"}}, "SELECT * FROM users"}}, schema), "");
  ASSERT_EQ(apply(AddColumn{"users", column("later", "text"), {}}, schema), "");
  EXPECT_EQ(schema.view("v")->outputs.size(), 3U);
  EXPECT_EQ(schema.view("v")->sql, "SELECT id AS id, name AS name, email AS email FROM users");
}

TEST(Apply, AReplacedViewMayOnlyGrow) {
  Schema schema = with_view();
  EXPECT_EQ(apply(CreateView{{"people", "users", {{"id", "id"}}, "SELECT id AS id FROM users"}, true}, schema),
            "cannot drop columns from view");
  EXPECT_EQ(apply(CreateView{{"people", "users", {{"id", "id"}}, ""}, false}, schema), "relation \"people\" already exists");
}

TEST(Apply, ATableThatOthersReferToStays) {
  Schema schema = users();
  Table orders;
  orders.name = "orders";
  orders.columns = {column("user_id", "bigint")};
  Constraint reference = key("fk", ConstraintKind::ForeignKey, "user_id");
  reference.referenced_table = "users";
  orders.constraints = {reference};
  ASSERT_EQ(apply(CreateTable{orders}, schema), "");
  EXPECT_EQ(apply(DropTable{"users"}, schema), "cannot drop table users because other objects depend on it");
  EXPECT_EQ(apply(DropTable{"users", false, true}, schema), "");
  EXPECT_TRUE(schema.table("orders")->constraints.empty());
}

TEST(Apply, AForeignKeyRestsOnWhatIsUnique) {
  Schema schema = users();
  Table orders;
  orders.name = "orders";
  orders.columns = {column("email", "text")};
  ASSERT_EQ(apply(CreateTable{orders}, schema), "");
  Constraint reference = key("fk", ConstraintKind::ForeignKey, "email");
  reference.referenced_table = "users";
  reference.referenced_columns = {"email"};
  EXPECT_EQ(apply(AddConstraint{"orders", reference, ""}, schema),
            "there is no unique constraint matching given keys for referenced table \"users\"");
  Index unique;
  unique.name = "users_email";
  unique.table = "users";
  unique.columns = {"email"};
  unique.unique = true;
  ASSERT_EQ(apply(CreateIndex{unique}, schema), "");
  EXPECT_EQ(apply(AddConstraint{"orders", reference, ""}, schema), "");
}

TEST(Apply, ADroppedTypeTakesTheMaterializedViewsOverItsColumns) {
  Schema schema = users();
  ASSERT_EQ(apply(CreateDomain{{"short", "text"}}, schema), "");
  schema.table("users")->columns.push_back(column("note", "short"));
  Table copy;
  copy.name = "copy";
  copy.kind = TableKind::MaterializedView;
  copy.columns = {column("note", "short")};
  copy.reads = {{"users", {"note"}, false}};
  schema.tables.push_back(copy);
  EXPECT_EQ(apply(DropType{"short", false, true}, schema), "");
  EXPECT_EQ(schema.table("users")->column("note"), nullptr);
  EXPECT_EQ(schema.table("copy"), nullptr);
}

TEST(SqlText, RenamesLeaveStringsFunctionsAndOutputNamesAlone) {
  EXPECT_EQ(rename_column_in_sql("name(name) || 'name' AS name, t.name, u.name, x::name -- name", "t", "name", "n"),
            "name(n) || 'name' AS name, t.n, u.name, x::name -- name");
  EXPECT_EQ(rename_column_in_sql("\"Name\" > NAME", "t", "name", "N"), "\"Name\" > \"N\"");
}

}  // namespace
}  // namespace midflight
