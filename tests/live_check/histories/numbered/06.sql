CREATE INDEX CONCURRENTLY idx_orders_user ON orders (user_id);
CREATE INDEX CONCURRENTLY idx_orders_state ON orders (state) WHERE state <> 'done';
