-- +goose Up
ALTER TABLE posts ALTER COLUMN id TYPE bigint;
-- +goose Down
ALTER TABLE posts ALTER COLUMN id TYPE int;
