-- +goose Up
CREATE TABLE posts (id int PRIMARY KEY, author_id int, title text, body text, score int);
CREATE TABLE authors (id int PRIMARY KEY, name text);
INSERT INTO authors SELECT g, 'a' FROM generate_series(1,20) g;
INSERT INTO posts SELECT g, 1 + g % 20, 't', 'b', g FROM generate_series(1,100) g;
-- +goose Down
DROP TABLE posts;
