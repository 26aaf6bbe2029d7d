#include "sim/check/examples.h"

#include <algorithm>

#include "sim/sql/parse.h"

namespace midflight::check {
namespace {

constexpr std::string_view kSchema = R"sql(CREATE DOMAIN percent AS numeric;
CREATE TYPE mood AS ENUM ('fine', 'bad');
CREATE TABLE customers (
  id bigint PRIMARY KEY,
  email text,
  name varchar(50),
  country text NOT NULL DEFAULT 'US',
  mood mood
);
CREATE UNIQUE INDEX customers_email_idx ON customers (email);
CREATE TABLE products (
  id integer PRIMARY KEY,
  price numeric(10,2),
  stock integer,
  discount percent
);
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  customer_id bigint REFERENCES customers (id),
  product_id integer,
  number bigint,
  status text NOT NULL,
  note varchar(50),
  placed timestamp
);
CREATE INDEX orders_customer_idx ON orders (customer_id);
CREATE INDEX orders_placed_idx ON orders (placed);
ALTER TABLE orders ADD CONSTRAINT note_not_empty CHECK (note <> '');
ALTER TABLE orders ADD CONSTRAINT note_short CHECK (length(note) < 40) NOT VALID;
CREATE TABLE payments (
  id bigint PRIMARY KEY,
  order_id bigint REFERENCES orders (id),
  customer_id bigint REFERENCES customers (id)
);
CREATE INDEX payments_order_idx ON payments (order_id);
CREATE INDEX payments_customer_idx ON payments (customer_id);
CREATE TABLE stock_levels (
  product_id integer NOT NULL,
  batch integer
);
CREATE TABLE tickets (
  id bigserial PRIMARY KEY,
  title text
);
CREATE TABLE visits (id bigint NOT NULL, day date) PARTITION BY RANGE (id);
CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM (0) TO (100);
CREATE TABLE visits_2 PARTITION OF visits FOR VALUES FROM (100) TO (200);
CREATE TABLE visits_3 (id bigint NOT NULL, day date);
CREATE TABLE clicks (id bigint NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE clicks_1 PARTITION OF clicks FOR VALUES FROM (0) TO (100);
CREATE TABLE clicks_2 (id bigint NOT NULL CHECK (id IS NOT NULL AND id >= 100 AND id < 200));
CREATE TABLE clicks_other PARTITION OF clicks DEFAULT;
CREATE VIEW order_states AS SELECT id, status FROM orders;
CREATE MATERIALIZED VIEW sales AS SELECT country, count(*) AS customers FROM customers GROUP BY country;
CREATE MATERIALIZED VIEW totals AS SELECT country, count(*) AS customers FROM customers GROUP BY country;
CREATE UNIQUE INDEX totals_country_idx ON totals (country);
CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER audit BEFORE UPDATE ON products FOR EACH ROW EXECUTE FUNCTION audit();
)sql";

Options options_for(const Rule& rule) {
  static const Schema schema = sql::schema_from_sql(kSchema);
  Options options;
  options.dialect.version = rule.version;
  options.schema = schema;
  options.schema_is_complete = true;
  if (rule.timeouts_set) options.timeouts = {Duration::seconds(2), Duration::minutes(10), Duration::minutes(1)};
  return options;
}

}  // namespace

std::string_view example_schema() { return kSchema; }

std::vector<std::string> rules_found(const Rule& rule, std::string_view example) {
  Checker checker(options_for(rule));
  const ScriptReport report = checker.check({"example.sql", std::string(rule.framework), "", rule.wrapping, std::string(example), {}});
  std::vector<std::string> found;
  for (const Finding& finding : report.findings) {
    if (std::find(found.begin(), found.end(), finding.rule) == found.end()) found.push_back(finding.rule);
  }
  return found;
}

}  // namespace midflight::check
