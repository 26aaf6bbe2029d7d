ALTER TABLE users ADD COLUMN IF NOT EXISTS nick text, ADD CONSTRAINT nick_len CHECK (length(nick) < 20);
