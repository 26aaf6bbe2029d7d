#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "sim/check/examples.h"
#include "sim/sql/script.h"
#include "tests/support/private_server.h"

// Both examples of every rule, run on a server: what a page shows must work, or fail as the rule says.

namespace midflight::check {
namespace {

constexpr const char* kRows = R"sql(
INSERT INTO customers (id, email, name) VALUES (1, 'a@example.org', 'Ada'), (2, 'b@example.org', 'Bob');
INSERT INTO products (id, price, stock, discount) VALUES (1, 9.99, 3, 5), (2, 1.50, 0, 0);
INSERT INTO orders (id, customer_id, product_id, number, status, note) VALUES (1, 1, 1, 11, 'open', 'x'), (2, 2, 2, 12, 'paid', 'y');
INSERT INTO payments (id, order_id, customer_id) VALUES (1, 2, 2);
INSERT INTO stock_levels (product_id, batch) VALUES (1, 7), (2, 8);
)sql";

/// One server, and a database with the example schema to copy from.
class Shop {
 public:
  Shop() : admin_(server_.connect()) {
    admin_.query("CREATE DATABASE shop");
    auto shop = server_.connect("shop");
    shop.query(std::string(example_schema()));
    shop.query(kRows);
  }
  int major() const { return admin_.major_version(); }

  /// The first error of a script in a shop of its own: "" or its SQLSTATE and message.
  std::string run(std::string_view script, Wrapping wrapping) {
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

 private:
  midflight::testing::PrivateServer server_;
  backends::PostgresConnection admin_;
  int count_ = 0;
};

Shop& shop() {
  static Shop the_shop;
  return the_shop;
}

/// Rules about what the server refuses.
const std::map<std::string_view, std::string_view>& failures() {
  static const std::map<std::string_view, std::string_view> all = {
      {"concurrently-in-transaction", "25001"}, {"required-column-added", "23502"}, {"enum-value-used-in-transaction", "55P04"},
      {"column-assigned-twice", "42601"},       {"partition-key-not-in-key", "0A000"},       {"refused-on-partitioned-table", "0A000"},
      {"syntax-error", "42601"},          {"does-not-fit", "42704"}};
  return all;
}

TEST(RulesOnAServer, GoodExamplesWork) {
  for (const Rule& rule : rules()) {
    if (rule.since > shop().major()) continue;
    EXPECT_EQ(shop().run(rule.good, rule.wrapping), "") << rule.id;
  }
}

TEST(RulesOnAServer, BadExamplesWorkOrFailAsTheirRuleSays) {
  for (const Rule& rule : rules()) {
    if (rule.since > shop().major() || rule.bad.empty()) continue;
    const auto expected = failures().find(rule.id);
    const std::string failure = shop().run(rule.bad, rule.wrapping);
    EXPECT_EQ(failure.substr(0, 5), expected == failures().end() ? "" : expected->second) << rule.id << ": " << failure;
  }
}

}  // namespace
}  // namespace midflight::check
