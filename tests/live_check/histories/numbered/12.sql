ALTER TYPE mood ADD VALUE 'great' AFTER 'ok';
ALTER TABLE users ADD COLUMN mood mood DEFAULT 'great';
