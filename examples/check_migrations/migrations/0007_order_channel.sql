BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL idle_in_transaction_session_timeout = '10s';
ALTER TABLE orders ADD COLUMN channel text;
UPDATE orders SET channel = 'web';
COMMIT;
