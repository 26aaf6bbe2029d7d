BEGIN;
CREATE UNIQUE INDEX products_sku_key ON products (sku);
ALTER TABLE products ADD CONSTRAINT products_sku_unique UNIQUE USING INDEX products_sku_key;
COMMIT;
