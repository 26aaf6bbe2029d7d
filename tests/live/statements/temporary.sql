-- Temporary tables: no other session sees them.

CREATE TABLE users (id bigint PRIMARY KEY, name text);

-- case: TemporaryTableLocksNothing
CREATE TEMPORARY TABLE notes (id bigint PRIMARY KEY, text text);

-- case: TemporaryTableFromAQueryReadsIt
CREATE TEMP TABLE notes AS SELECT id, name FROM users;

-- case: TemporaryTableLikeAnotherReadsIt
CREATE TEMP TABLE notes (LIKE users INCLUDING ALL);
