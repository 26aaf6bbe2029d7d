ALTER TABLE products ALTER COLUMN attrs TYPE jsonb USING attrs::jsonb;
CREATE INDEX products_attrs ON products USING gin (attrs);
