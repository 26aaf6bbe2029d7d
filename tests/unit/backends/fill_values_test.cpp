#include <gtest/gtest.h>

#include <set>

#include "backends/data/catalogue.h"
#include "backends/data/keys_to_come.h"
#include "backends/data/table_fill.h"
#include "sim/sql/parse.h"

namespace midflight::backends {
namespace {

ColumnFill column_of(const std::string& type, const std::string& check = "") {
  Table table;
  table.columns = {{"c", type, false, {}, false, false}};
  if (!check.empty()) table.constraints = {{"c_check", ConstraintKind::Check, {"c"}, check, "", {}, true, ""}};
  return {table.columns[0], table};
}

TEST(FillValues, DifferByRowAndFromEverythingFresh) {
  for (const char* type : {"bigint", "text", "character varying(12)", "uuid", "numeric(12,2)"}) {
    const ColumnFill fill = column_of(type);
    std::set<Value> values;
    for (std::int64_t i = 0; i < 1000; ++i) {
      values.insert(fill.value(i + 1));
      values.insert(fill.fresh(i));
    }
    EXPECT_EQ(values.size(), 2000U) << type;
  }
}

TEST(FillValues, KeepToTheLengthOfTheType) {
  const ColumnFill fill = column_of("character varying(8)");
  for (const std::int64_t row : {1LL, 99LL, 12'345'678LL}) EXPECT_LE(std::get<std::string>(fill.value(row)).size(), 8U);
}

TEST(FillValues, KeepToTheListAndTheBoundsOfACheck) {
  const ColumnFill state = column_of("text", "c IN ('new', 'paid')");
  for (std::int64_t r = 1; r < 10; ++r) {
    const auto text = std::get<std::string>(state.value(r));
    EXPECT_TRUE(text == "new" || text == "paid") << text;
  }
  const ColumnFill share = column_of("integer", "c >= 5 AND c < 8");
  for (std::int64_t r = 1; r < 10; ++r) {
    const auto number = std::get<std::int64_t>(share.value(r));
    EXPECT_TRUE(number >= 5 && number < 8) << number;
  }
}

TEST(FillValues, TwoParentsGiveDistinctPairs) {
  Table a, b, both;
  a.name = "a", b.name = "b", both.name = "both";
  for (Table* t : {&a, &b}) {
    t->columns = {{"id", "bigint", true, {}, true, false}};
    t->constraints = {{"pk", ConstraintKind::PrimaryKey, {"id"}, "", "", {}, true, ""}};
    t->rows = 10;
  }
  both.columns = {{"a_id", "bigint", true, {}, false, false}, {"b_id", "bigint", true, {}, false, false}};
  both.constraints = {{"fa", ConstraintKind::ForeignKey, {"a_id"}, "", "a", {"id"}, true, ""},
                      {"fb", ConstraintKind::ForeignKey, {"b_id"}, "", "b", {"id"}, true, ""}};
  const Schema schema{{a, b, both}, {}, {}};
  const SchemaFill fills(schema);
  const TableFill& fill = *fills.table("both");
  std::set<std::pair<Value, Value>> pairs;
  for (std::int64_t r = 1; r <= 100; ++r) pairs.insert({fill.columns()[0].value(r), fill.columns()[1].value(r)});
  EXPECT_EQ(pairs.size(), 100U);
}

TEST(FillValues, TextFillsTheRowsBytes) {
  Table table;
  table.columns = {{"id", "bigint", true, {}, true, false}, {"body", "text", false, {}, false, false}};
  table.row_bytes = 208;
  const SchemaFill fills({{table}, {}, {}});
  EXPECT_EQ(std::get<std::string>(fills.table("")->column("body")->value(3)).size(), 200U);
}

TEST(FillValues, StayWithinTheTypeAndBeginAgainWhereItEnds) {
  for (const auto& [type, most] : std::vector<std::pair<std::string, double>>{{"smallint", 32'767}, {"numeric(5,2)", 999}, {"numeric(10,2)", 99'999'999}}) {
    Table table;
    table.columns = {{"c", type, false, {}, false, false}};
    table.rows = 100;
    const ColumnFill fill(table.columns[0], table);
    std::set<double> rows;
    const auto number = [](const Value& value) {
      return std::holds_alternative<double>(value) ? std::get<double>(value) : static_cast<double>(std::get<std::int64_t>(value));
    };
    for (std::int64_t r = 1; r <= 100; ++r) rows.insert(number(fill.value(r)));
    EXPECT_EQ(rows.size(), 100U) << type;
    for (const std::int64_t n : {1LL, 32'767LL, 32'768LL, 5'000'000LL, 200'000'000LL}) {
      EXPECT_LE(number(fill.value(n)), most) << type << ' ' << n;
      EXPECT_LE(number(fill.fresh(n)), most) << type << ' ' << n;
      EXPECT_FALSE(rows.contains(number(fill.fresh(n)))) << type << ' ' << n;
    }
  }
}

TEST(FillValues, GoByTheWholeNameOfAType) {
  EXPECT_EQ(column_of("daterange").value(3), Value(std::string("empty")));
  EXPECT_EQ(column_of("int4range").value(3), Value(std::string("empty")));
  EXPECT_EQ(column_of("interval").kind(), ValueKind::Interval);
  EXPECT_EQ(column_of("integer[]").value(3), Value(std::string("{}")));
  EXPECT_EQ(column_of("timestamp(3) with time zone").kind(), ValueKind::Timestamp);
  EXPECT_EQ(column_of("extensions.citext").kind(), ValueKind::Text);
  EXPECT_EQ(column_of("invented").value(3), Value(std::monostate{}));
}

/// Of the last table of the text, which has so many rows.
std::pair<Schema, std::string> last_of(const std::string& text, std::int64_t rows) {
  Schema schema = sql::schema_from_sql(text);
  schema.tables.back().rows = rows;
  return {schema, schema.tables.back().name};
}

TEST(FillValues, OfEnumsAndDomainsAreTheirs) {
  const auto [schema, table] = last_of("CREATE TYPE mood AS ENUM ('sad', 'it''s ok');"
                                       "CREATE DOMAIN share AS numeric(5,2) CHECK (VALUE >= 0 AND VALUE <= 100);"
                                       "CREATE DOMAIN email AS text CHECK (VALUE ~ '^[^@]+@[^@]+$');"
                                       "CREATE TYPE pair AS (x int, y int);"
                                       "CREATE TABLE t (m mood, s share, e email, p pair);", 10);
  const SchemaFill fills(schema);
  const TableFill& fill = *fills.table(table);
  EXPECT_EQ(fill.column("m")->value(1), Value(std::string("it's ok")));
  for (std::int64_t r = 1; r < 300; ++r) EXPECT_LE(std::get<double>(fill.column("s")->value(r)), 100);
  EXPECT_TRUE(std::get<std::string>(fill.column("e")->value(7)).ends_with("@example.com"));
  EXPECT_EQ(fill.column("p")->value(7), Value(std::string("(,)")));
  EXPECT_FALSE(fill.column("m")->tells_rows_apart());
}

TEST(FillValues, AreInNoOrderWhereNothingNumbersRowsByThem) {
  const auto [schema, table] = last_of("CREATE TABLE t (id bigint PRIMARY KEY, city integer, name text, at timestamp, a int, b int, UNIQUE (a, b));", 1000);
  const SchemaFill fills(schema);
  const TableFill& fill = *fills.table(table);
  std::set<std::int64_t> cities;
  int upwards = 0;
  for (std::int64_t r = 1; r <= 1000; ++r) {
    EXPECT_EQ(fill.column("id")->value(r), Value(r));
    cities.insert(std::get<std::int64_t>(fill.column("city")->value(r)));
    upwards += fill.column("city")->value(r) < fill.column("city")->value(r + 1) ? 1 : 0;
  }
  EXPECT_EQ(cities.size(), 1000U);  // the same values
  EXPECT_EQ(*cities.begin(), 1);
  EXPECT_EQ(*cities.rbegin(), 1000);
  EXPECT_LT(upwards, 700);
  EXPECT_TRUE(fill.column("id")->counts_rows());
  EXPECT_FALSE(fill.column("city")->counts_rows());
  EXPECT_EQ(fill.column("a")->value(5), Value(std::int64_t{5}));
}

TEST(FillValues, KeepToForeignKeysThatThePlanAdds) {
  Schema schema = sql::schema_from_sql("CREATE TABLE cities (id bigint PRIMARY KEY); CREATE TABLE users (id bigint PRIMARY KEY, city bigint);");
  schema.table("cities")->rows = 10;
  schema.table("users")->rows = 100;
  Plan plan;
  Step step;
  step.action = SqlStep{{sql::parse_one("ALTER TABLE users ADD CONSTRAINT k FOREIGN KEY (city) REFERENCES cities NOT VALID")}};
  plan.steps = {step};
  const SchemaFill fills(with_keys_to_come(schema, plan));
  for (std::int64_t r = 1; r <= 100; ++r) EXPECT_LE(std::get<std::int64_t>(fills.table("users")->column("city")->value(r)), 10);
  EXPECT_TRUE(schema.table("users")->constraints.size() == 1);  // no key yet but its own
}

TEST(FillValues, AreNotWhatACheckExcludes) {
  EXPECT_NE(column_of("text", "c <> ''").value(1), Value(std::string()));
  const auto between = std::get<std::int64_t>(column_of("integer", "c BETWEEN -5 AND -3").value(123));
  EXPECT_GE(between, -5);
  EXPECT_LE(between, -3);
  EXPECT_EQ(std::get<double>(column_of("numeric", "c > (0)::numeric").value(1)), 2);
  EXPECT_LE(std::get<std::string>(column_of("text", "length(c) <= 5").value(123'456'789)).size(), 5U);
}

TEST(FillValues, MatchAPatternWithTheNumbersThatRowsHave) {
  ColumnFill code = column_of("text", "c ~ '^\\d{6}$'");
  const ColumnFill tag = column_of("text", "c ~* '^x\\d+$' AND c ~ '^X'"), phone = column_of("text", "c ~ '^\\+[0-9]{7,15}$'");
  code.be_among(1000);
  std::set<std::string> codes;
  for (std::int64_t n = 1; n <= 1000; ++n) {
    codes.insert(value_text(code.value(n)));
    codes.insert(value_text(code.fresh(n)));
  }
  EXPECT_EQ(codes.size(), 2000U);
  for (const std::string& text : codes) EXPECT_EQ(text.size(), 6U) << text;
  EXPECT_EQ(tag.value(7), Value(std::string("X7")));
  EXPECT_EQ(phone.value(7), Value(std::string("+1000000007")));
  EXPECT_EQ(value_text(phone.fresh(7)).size(), 11U);
  EXPECT_FALSE(code.tells_rows_apart());
}

TEST(FillValues, OfAKeyOfSeveralColumnsAreDistinctTogether) {
  const auto [schema, table] = last_of("CREATE TYPE mood AS ENUM ('a', 'b', 'c');"
                                       "CREATE TABLE t (kind mood, paid boolean, n numeric(1,0), PRIMARY KEY (kind, paid, n));", 60);
  const SchemaFill fills(schema);
  std::set<std::vector<Value>> keys;
  for (std::int64_t r = 1; r <= 60; ++r) {
    std::vector<Value> key;
    for (const ColumnFill& column : fills.table(table)->columns()) key.push_back(column.value(r));
    keys.insert(key);
  }
  EXPECT_EQ(keys.size(), 60U);
}

TEST(FillValues, OfAKeyOfSeveralColumnsNameOneRow) {
  Schema schema = sql::schema_from_sql("CREATE TABLE tenants (id int PRIMARY KEY); CREATE TABLE orders (tenant int REFERENCES tenants, id int, PRIMARY KEY (tenant, id));"
                                       "CREATE TABLE lines (tenant int, order_id int, n int, FOREIGN KEY (tenant, order_id) REFERENCES orders);");
  schema.table("tenants")->rows = 7, schema.table("orders")->rows = 100, schema.table("lines")->rows = 500;
  const SchemaFill fills(schema);
  std::set<std::pair<Value, Value>> orders;
  for (std::int64_t r = 1; r <= 100; ++r) orders.insert({fills.table("orders")->column("tenant")->value(r), fills.table("orders")->column("id")->value(r)});
  for (std::int64_t r = 1; r <= 500; ++r) {
    EXPECT_TRUE(orders.contains({fills.table("lines")->column("tenant")->value(r), fills.table("lines")->column("order_id")->value(r)})) << r;
  }
}

// Values that were found name rows that are there; one made up would not.
TEST(FillValues, AReferenceToItsOwnTableNamesARowThatWasFound) {
  Catalogue catalogue(sql::schema_from_sql("CREATE TABLE parts (id int PRIMARY KEY, of_part int REFERENCES parts, name text);"), {}, {});
  catalogue.use_known("parts", "id", {std::int64_t{500}, std::int64_t{700}});
  catalogue.refer_to_known("parts", "of_part", "parts", "id");
  EXPECT_EQ(catalogue.fill("parts", "of_part").fresh(0), Value(std::int64_t{500}));
  EXPECT_EQ(catalogue.fill("parts", "of_part").fresh(3), Value(std::int64_t{700}));
  EXPECT_EQ(catalogue.fill("parts", "id").fresh(0), Value(std::int64_t{1'000'000'000}));
}

TEST(FillValues, AUniqueReferenceNamesEveryRowOnce) {
  Schema schema = sql::schema_from_sql("CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE orders (id int PRIMARY KEY);"
                                       "CREATE TABLE payments (user_id int REFERENCES users, order_id int UNIQUE REFERENCES orders);");
  schema.table("users")->rows = 300, schema.table("orders")->rows = 1000, schema.table("payments")->rows = 1000;
  const SchemaFill fills(schema);
  std::set<Value> users, orders;
  for (std::int64_t r = 1; r <= 1000; ++r) {
    users.insert(fills.table("payments")->column("user_id")->value(r));
    orders.insert(fills.table("payments")->column("order_id")->value(r));
  }
  EXPECT_EQ(orders.size(), 1000U);
  EXPECT_EQ(users.size(), 300U);
}

TEST(FillValues, AUniqueColumnWithoutRoomIsRefused) {
  const auto [schema, table] = last_of("CREATE TABLE t (id smallint PRIMARY KEY)", 40'000);
  EXPECT_EQ(SchemaFill(schema).refusal(schema.tables.back(), 40'000),
            "column id is unique and has room for 32,768 different values, but the table is to have 40,000 rows");
  EXPECT_EQ(SchemaFill(schema).refusal(schema.tables.back(), 32'000), "");
}

}  // namespace
}  // namespace midflight::backends
