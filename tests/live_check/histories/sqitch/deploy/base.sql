-- Deploy shop:base to pg
BEGIN;
CREATE SCHEMA shop;
CREATE TABLE shop.customers (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), nick varchar(20) UNIQUE);
INSERT INTO shop.customers (nick) SELECT 'n' || g FROM generate_series(1,50) g;
COMMIT;
