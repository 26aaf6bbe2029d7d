BEGIN;
ALTER TYPE mood ADD VALUE 'meh';
UPDATE users SET mood = 'meh' WHERE id = 1;
COMMIT;
