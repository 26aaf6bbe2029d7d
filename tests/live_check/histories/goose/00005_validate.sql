-- +goose Up
ALTER TABLE posts VALIDATE CONSTRAINT posts_author;
-- +goose Down
