ALTER TABLE products RENAME CONSTRAINT products_pkey TO pk_products;
ALTER INDEX products_attrs RENAME TO ix_products_attrs;
ALTER SEQUENCE products_id_seq RESTART WITH 1000;
COMMENT ON COLUMN products.sku IS 'stock keeping unit';
