CREATE TABLE customers (id bigint PRIMARY KEY, name varchar(50), email text);
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  customer_id bigint REFERENCES customers (id),
  status text NOT NULL DEFAULT 'open',
  total integer
);
CREATE INDEX orders_customer_idx ON orders (customer_id);
