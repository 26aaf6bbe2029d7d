-- Deploy shop:widen to pg
BEGIN;
ALTER TABLE shop.orders ALTER COLUMN note TYPE text;
ALTER TABLE shop.customers ALTER COLUMN nick TYPE varchar(10);
COMMIT;
