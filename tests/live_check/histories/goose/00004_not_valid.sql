-- +goose Up
ALTER TABLE posts ADD CONSTRAINT posts_author FOREIGN KEY (author_id) REFERENCES authors (id) NOT VALID;
-- +goose Down
