#include "tests/live_check/shop.h"

#include "sim/check/examples.h"
#include "sim/sql/parse.h"

namespace midflight::check {
namespace {

constexpr const char* kRows = R"sql(
INSERT INTO customers (id, email, name) VALUES (1, 'a@example.org', 'Ada'), (2, 'b@example.org', 'Bob');
INSERT INTO products (id, price, stock, discount) VALUES (1, 9.99, 3, 5), (2, 1.50, 0, 0);
INSERT INTO orders (id, customer_id, product_id, number, status, note) VALUES (1, 1, 1, 11, 'open', 'x'), (2, 2, 2, 12, 'paid', 'y');
INSERT INTO payments (id, order_id, customer_id) VALUES (1, 2, 2);
INSERT INTO stock_levels (product_id, batch) VALUES (1, 7), (2, 8);
)sql";

}  // namespace

Shop::Shop() : admin_(server_.connect()) {
  admin_.query("SET allow_in_place_tablespaces = on");
  admin_.query("CREATE TABLESPACE fast LOCATION ''");
  admin_.query("CREATE DATABASE shop");
  auto shop = server_.connect("shop");
  shop.query(std::string(example_schema()));
  shop.query(kRows);
}

std::string Shop::run(std::string_view script, Wrapping wrapping) {
  const std::string name = "shop_" + std::to_string(++count_);
  admin_.query("CREATE DATABASE " + name + " TEMPLATE shop");
  std::string failure;
  {
    auto session = server_.connect(name);
    if (wrapping == Wrapping::OneTransaction) session.query("BEGIN");
    sql::ScriptReader reader(std::string(script), "example.sql");
    while (auto piece = reader.next()) {
      if (piece->kind == sql::PieceKind::MetaCommand) continue;
      const auto reply = session.run(std::string(piece->text));
      if (!reply.ok() && failure.empty()) failure = reply.sqlstate + " " + reply.message + " in: " + std::string(piece->text);
    }
  }
  admin_.query("DROP DATABASE " + name);
  return failure;
}

Shop& shop() {
  static Shop the_shop;
  return the_shop;
}

std::vector<Finding> findings_of(const Rule& rule, std::string_view example, int major) {
  Options options;
  options.dialect = {Engine::Postgresql, major};
  options.schema = sql::schema_from_sql(example_schema(), {"example.sql", 1, 1});
  options.schema_is_complete = true;
  Checker checker(options);
  return checker.check({"example.sql", std::string(rule.framework.empty() ? "plain" : rule.framework), "", rule.wrapping, std::string(example), {}}).findings;
}

}  // namespace midflight::check
