SET lock_timeout = '2s';
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  order_id bigint REFERENCES orders (id)
);
CREATE INDEX invoices_order_idx ON invoices (order_id);
ALTER TABLE customers RENAME COLUMN name TO full_name;
