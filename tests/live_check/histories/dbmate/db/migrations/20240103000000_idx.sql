-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY users_team_idx ON users (team_id);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY users_team_idx;
