-- Names that PostgreSQL makes up where others have taken the first choice.
-- A statement that names the object is refused, or locks nothing of it, unless the name is right.

CREATE TABLE users (id bigint, name text, email text, room integer);
CREATE TABLE teams (id bigint PRIMARY KEY);
CREATE TABLE members (id bigint PRIMARY KEY, team bigint, other bigint);

-- case: SecondIndexOfAColumnIsNumbered
-- setup: CREATE INDEX ON users (name);
-- setup: CREATE INDEX ON users (name);
DROP INDEX users_name_idx1;

-- case: IndexWithIncludedColumnsIsNamedAfterThemToo
-- setup: CREATE INDEX ON users (name) INCLUDE (email);
DROP INDEX users_name_email_idx;

-- case: IndexOfAColumnTwiceNumbersIt
-- setup: CREATE INDEX ON users (name, name);
DROP INDEX users_name_name1_idx;

-- case: IndexOfExpressionsIsNamedAfterFunctions
-- setup: CREATE INDEX ON users (lower(name), (id + 1), (room + 1));
DROP INDEX users_lower_expr_expr1_idx;

-- case: IndexOfACastIsNamedAfterTheType
-- setup: CREATE INDEX ON users ((id::integer), coalesce(name, email));
DROP INDEX users_id_coalesce_idx;

-- case: SecondUniqueConstraintIsNumbered
-- setup: ALTER TABLE users ADD UNIQUE (name);
-- setup: ALTER TABLE users ADD UNIQUE (name);
ALTER TABLE users DROP CONSTRAINT users_name_key1;

-- case: IndexInTheWayOfAUniqueConstraintNumbersIt
-- setup: CREATE INDEX users_name_key ON users (name);
-- setup: ALTER TABLE users ADD UNIQUE (name);
ALTER TABLE users DROP CONSTRAINT users_name_key1;

-- case: IndexInTheWayOfAPrimaryKeyNumbersIt
-- setup: CREATE INDEX users_pkey ON users (name);
-- setup: ALTER TABLE users ADD PRIMARY KEY (id);
ALTER TABLE users DROP CONSTRAINT users_pkey1;

-- case: SecondForeignKeyOfAColumnIsNumbered
-- setup: ALTER TABLE members ADD FOREIGN KEY (team) REFERENCES teams;
-- setup: ALTER TABLE members ADD FOREIGN KEY (team) REFERENCES teams NOT VALID;
ALTER TABLE members VALIDATE CONSTRAINT members_team_fkey1;

-- case: SecondCheckOfAColumnIsNumbered
-- setup: ALTER TABLE users ADD CHECK (room > 0), ADD CHECK (room < 100) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT users_room_check1;

-- case: ChecksOfANewTableAreNumbered
-- setup: CREATE TABLE rooms (a integer CHECK (a > 0) CHECK (a < 9), b integer, CHECK (a < b), CHECK (b > 1));
ALTER TABLE rooms DROP CONSTRAINT rooms_a_check1, DROP CONSTRAINT rooms_check, DROP CONSTRAINT rooms_b_check;

-- case: ForeignKeysOfANewTableAreNumbered
-- setup: CREATE TABLE rooms (team bigint REFERENCES teams REFERENCES members);
ALTER TABLE rooms DROP CONSTRAINT rooms_team_fkey1;

-- case: ConstraintOfAnotherTableInTheWayNumbersIt
-- setup: ALTER TABLE teams ADD CONSTRAINT users_room_check CHECK (id > 0);
-- setup: ALTER TABLE users ADD CHECK (room > 0);
ALTER TABLE users DROP CONSTRAINT users_room_check1;

-- case: SequenceInTheWayOfASerialColumnNumbersIt
-- setup: CREATE SEQUENCE users_number_seq;
-- setup: ALTER TABLE users ADD COLUMN number bigserial;
ALTER SEQUENCE users_number_seq1 RESTART;

-- case: TableInTheWayOfAnIndexNumbersIt
-- setup: CREATE TABLE users_name_idx (id bigint);
-- setup: CREATE INDEX ON users (name);
DROP INDEX users_name_idx1;

-- case: CopiedIndexOfAnExpressionIsNamedAfterIt
-- setup: CREATE UNIQUE INDEX by_lower ON users (lower(name), id);
-- setup: CREATE TABLE copy (LIKE users INCLUDING INDEXES);
DROP INDEX copy_lower_id_idx;

-- case: CopiedIndexesOfOneColumnAreNumbered
-- setup: CREATE INDEX one ON users (name);
-- setup: CREATE INDEX two ON users (name) WHERE id > 0;
-- setup: CREATE TABLE copy (LIKE users INCLUDING INDEXES);
DROP INDEX copy_name_idx1;

-- case: IndexOfAPartitionOnAnExpressionIsNamedAfterIt
-- setup: CREATE TABLE log (id bigint, text text) PARTITION BY RANGE (id);
-- setup: CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (0) TO (9);
-- setup: CREATE INDEX log_text ON log (lower(text));
-- fails: 42P07
CREATE INDEX log_1_lower_idx ON log_1 (id);

-- case: SecondIndexOfAPartitionIsNumbered
-- setup: CREATE TABLE log (id bigint, text text) PARTITION BY RANGE (id);
-- setup: CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (0) TO (9);
-- setup: CREATE INDEX one ON log (text);
-- setup: CREATE INDEX two ON log (text) WHERE id > 3;
ALTER INDEX log_1_text_idx1 RENAME TO log_1_two;

-- case: ExcludeOnAnExpressionIsNamedAfterIt
-- setup: ALTER TABLE users ADD EXCLUDE USING btree (lower(name) WITH =, room WITH =);
ALTER TABLE users DROP CONSTRAINT users_lower_room_excl;

-- case: CopyOfAnExcludeOnAnExpressionIsNamedAfterIt
-- setup: ALTER TABLE users ADD CONSTRAINT single EXCLUDE USING btree (lower(name) WITH =);
-- setup: CREATE TABLE copy (LIKE users INCLUDING INDEXES);
ALTER TABLE copy DROP CONSTRAINT copy_lower_excl;
