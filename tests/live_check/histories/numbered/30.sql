SET lock_timeout = '5s';
ALTER TABLE orders ADD COLUMN z int NOT NULL;
ALTER TABLE orders ADD COLUMN y int NOT NULL DEFAULT 0 CHECK (y >= 0);
ALTER TABLE orders ADD PRIMARY KEY (id);
CREATE INDEX idx_orders_user ON orders (user_id);
