-- Deploy shop:orders to pg
BEGIN;
SET search_path TO shop, public;
CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id uuid REFERENCES customers, note varchar(100));
CREATE INDEX ON orders (customer_id);
INSERT INTO orders (customer_id, note) SELECT id, 'x' FROM customers;
COMMIT;
