-- Deploy shop:domains to pg
BEGIN;
CREATE DOMAIN shop.nick AS text CHECK (length(VALUE) > 1);
ALTER TABLE shop.customers ADD COLUMN alias shop.nick;
ALTER DOMAIN shop.nick ADD CONSTRAINT short CHECK (length(VALUE) < 30);
ALTER TABLE shop.customers SET SCHEMA public;
COMMIT;
