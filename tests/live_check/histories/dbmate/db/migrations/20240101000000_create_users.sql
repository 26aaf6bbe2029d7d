-- migrate:up
CREATE TABLE users (id serial PRIMARY KEY, name text, email text, team_id int);
CREATE TABLE teams (id serial PRIMARY KEY, name text NOT NULL UNIQUE);
INSERT INTO users (name, email) SELECT 'n' || g, 'e' || g FROM generate_series(1,100) g;

-- migrate:down
DROP TABLE users;
DROP TABLE teams;
