-- migrate:up
CREATE TYPE role AS ENUM ('admin', 'member');
ALTER TABLE users ADD COLUMN role role NOT NULL DEFAULT 'member';
ALTER TYPE role ADD VALUE 'guest';
UPDATE users SET role = 'guest' WHERE id = 3;
-- migrate:down
