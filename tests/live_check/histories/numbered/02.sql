ALTER TABLE users ADD COLUMN age posint;
