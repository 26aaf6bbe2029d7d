-- Deploy shop:drops to pg
BEGIN;
ALTER TABLE shop.orders DROP CONSTRAINT orders_customer_id_fkey;
ALTER TABLE shop.customers DROP CONSTRAINT customers_pkey;
ALTER TABLE shop.customers ADD PRIMARY KEY (id);
COMMIT;
