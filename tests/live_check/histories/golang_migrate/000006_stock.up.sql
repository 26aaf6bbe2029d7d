CREATE TABLE stock (product_id BIGINT REFERENCES products (id), warehouse INT, amount INT, PRIMARY KEY (product_id, warehouse));
ALTER TABLE stock ADD CHECK (amount >= 0);
ALTER TABLE products ADD EXCLUDE USING btree (sku WITH =);
