-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY posts_author_idx ON posts (author_id);
DROP INDEX CONCURRENTLY posts_author_idx;
REINDEX INDEX CONCURRENTLY posts_pkey;
-- +goose Down
