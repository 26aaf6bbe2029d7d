CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_account_created ON account (created_at);
