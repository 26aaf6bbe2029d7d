-- migrate:up
ALTER TABLE users ADD CONSTRAINT users_team_fk FOREIGN KEY (team_id) REFERENCES teams (id);

-- migrate:down
ALTER TABLE users DROP CONSTRAINT users_team_fk;
