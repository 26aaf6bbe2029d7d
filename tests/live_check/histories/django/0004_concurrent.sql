--
-- Concurrently create index
--
CREATE INDEX CONCURRENTLY "shop_order_status_idx" ON "shop_order" ("status");
