-- migrate:up
ALTER TABLE users ALTER COLUMN email SET NOT NULL, ALTER COLUMN name SET DEFAULT '', ADD COLUMN seen timestamptz DEFAULT clock_timestamp();
-- migrate:down
