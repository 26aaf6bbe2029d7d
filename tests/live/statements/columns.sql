-- ALTER TABLE, columns.

CREATE TABLE account (id bigint PRIMARY KEY, name text, email varchar(100) NOT NULL, age integer);
CREATE TABLE orders (id bigint PRIMARY KEY, account_id bigint NOT NULL REFERENCES account, total numeric(10,2));
CREATE INDEX account_name ON account (name);

-- case: NullableColumnIsMetadata
ALTER TABLE account ADD COLUMN note text;

-- case: VolatileDefaultRewrites
ALTER TABLE account ADD COLUMN token uuid DEFAULT gen_random_uuid();

-- case: SetNotNullScans
ALTER TABLE account ALTER COLUMN name SET NOT NULL;

-- case: ForeignKeyScansAndLocksBoth
ALTER TABLE orders ADD CONSTRAINT again FOREIGN KEY (account_id) REFERENCES account (id);

-- case: ConcurrentIndex
-- blockers: account
CREATE INDEX CONCURRENTLY account_age ON account (age);

-- case: DropConcurrentIndex
-- blockers: account
DROP INDEX CONCURRENTLY account_name;

-- case: VacuumFull
-- blockers: account
VACUUM FULL account;
