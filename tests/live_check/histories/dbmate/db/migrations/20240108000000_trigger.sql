-- migrate:up
CREATE FUNCTION touch() RETURNS trigger AS $$
BEGIN
  NEW.name := trim(NEW.name);
  RETURN NEW;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER users_touch BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE users DISABLE TRIGGER users_touch;
UPDATE users SET name = upper(name);
ALTER TABLE users ENABLE TRIGGER users_touch;
-- migrate:down
DROP TRIGGER users_touch ON users;
