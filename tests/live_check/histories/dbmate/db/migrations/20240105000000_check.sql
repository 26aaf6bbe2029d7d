-- migrate:up
ALTER TABLE users ADD CONSTRAINT email_len CHECK (length(email) < 200) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT email_len;
-- migrate:down
ALTER TABLE users DROP CONSTRAINT email_len;
