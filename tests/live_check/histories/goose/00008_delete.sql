-- +goose Up
DELETE FROM authors WHERE id NOT IN (SELECT author_id FROM posts);
DROP TABLE authors;
-- +goose Down
