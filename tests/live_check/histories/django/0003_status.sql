BEGIN;
--
-- Add field status to order
--
ALTER TABLE "shop_order" ADD COLUMN "status" varchar(10) DEFAULT 'new' NOT NULL;
ALTER TABLE "shop_order" ALTER COLUMN "status" DROP DEFAULT;
--
-- Alter field number on order
--
ALTER TABLE "shop_order" ALTER COLUMN "number" TYPE varchar(40);
--
-- Rename model Customer to Client
--
SET CONSTRAINTS "shop_order_customer_id_1_fk" IMMEDIATE;
ALTER TABLE "shop_order" DROP CONSTRAINT "shop_order_customer_id_1_fk";
ALTER TABLE "shop_customer" RENAME TO "shop_client";
ALTER TABLE "shop_order" RENAME COLUMN "customer_id" TO "client_id";
ALTER TABLE "shop_order" ADD CONSTRAINT "shop_order_client_id_2_fk" FOREIGN KEY ("client_id") REFERENCES "shop_client" ("id") DEFERRABLE INITIALLY DEFERRED;
--
-- Create constraint
--
ALTER TABLE "shop_order" ADD CONSTRAINT "number_set" CHECK (NOT ("number" = ''));
COMMIT;
