-- CREATE, ALTER, DROP and REINDEX of indexes, inside and outside transactions.

CREATE TABLE account (id bigint PRIMARY KEY, name text, email text, doc jsonb, at tsrange, age integer);
CREATE INDEX account_name ON account (name);
CREATE UNIQUE INDEX account_email ON account (email);
CREATE TABLE orders (id bigint PRIMARY KEY, account_id bigint REFERENCES account, total numeric);
CREATE INDEX orders_account ON orders (account_id);
CREATE TABLE event (id bigint, at date, kind text) PARTITION BY RANGE (at);
CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE event_2025 PARTITION OF event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX event_kind ON event (kind);
CREATE SCHEMA store;
CREATE TABLE store.item (id bigint PRIMARY KEY, name text);
CREATE INDEX item_name ON store.item (name);

-- case: BuildBlocksWriters
CREATE INDEX account_age ON account (age);

-- case: UniqueBuild
CREATE UNIQUE INDEX account_once ON account (name);

-- case: UnnamedBuild
CREATE INDEX ON account (age);

-- case: PartialBuild
CREATE INDEX account_some ON account (name) WHERE age > 3;

-- case: ExpressionBuild
CREATE INDEX account_lower ON account (lower(name));

-- case: BuildWithIncludedColumns
CREATE INDEX account_more ON account (name) INCLUDE (age);

-- case: GinBuild
CREATE INDEX account_doc ON account USING gin (doc);

-- case: GistBuild
CREATE INDEX account_at ON account USING gist (at);

-- case: BrinBuild
CREATE INDEX account_brin ON account USING brin (id);

-- case: HashBuild
CREATE INDEX account_hash ON account USING hash (name);

-- case: BuildIfNotExistsOfOneThatExists
CREATE INDEX IF NOT EXISTS account_name ON account (name);

-- case: BuildThatExistsFails
-- fails: 42P07
CREATE INDEX account_name ON account (name);

-- case: BuildOnAMissingTableFails
-- fails: 42P01
CREATE INDEX lost ON missing (name);

-- case: BuildOnAMissingColumnFails
-- fails: 42703
CREATE INDEX lost ON account (missing);

-- case: BuildInATablespace
CREATE INDEX account_age ON account (age) TABLESPACE fast;

-- case: ConcurrentBuildWaitsForWritersAndSnapshots
-- blockers: account
CREATE INDEX CONCURRENTLY account_age ON account (age);

-- case: ConcurrentUniqueBuild
-- blockers: account
CREATE UNIQUE INDEX CONCURRENTLY account_once ON account (name);

-- case: ConcurrentBuildIfNotExistsOfOneThatExists
-- blockers: account
CREATE INDEX CONCURRENTLY IF NOT EXISTS account_name ON account (name);

-- case: ConcurrentExpressionBuild
-- blockers: account
CREATE INDEX CONCURRENTLY account_lower ON account (lower(name));

-- case: DropIndexLocksItsTable
DROP INDEX account_name;

-- case: DropTwoIndexes
DROP INDEX account_name, orders_account;

-- case: DropIndexIfExistsOfAMissingOne
DROP INDEX IF EXISTS missing;

-- case: DropMissingIndexFails
-- fails: 42704
DROP INDEX missing;

-- case: DropIndexOfAConstraintFails
-- fails: 2BP01
DROP INDEX account_pkey;

-- case: DropIndexOfASchema
DROP INDEX store.item_name;

-- case: DropIndexWithCascade
DROP INDEX account_name CASCADE;

-- case: ConcurrentDropWaitsForReaders
-- blockers: account
DROP INDEX CONCURRENTLY account_name;

-- case: ConcurrentDropIfExistsOfAMissingOne
-- blockers: account
DROP INDEX CONCURRENTLY IF EXISTS missing;

-- case: RenameIndexLocksItAlone
ALTER INDEX account_name RENAME TO account_by_name;

-- case: RenameIndexIfExistsOfAMissingOne
ALTER INDEX IF EXISTS missing RENAME TO other;

-- case: RenameIndexThroughAlterTable
ALTER TABLE account_name RENAME TO account_by_name;

-- case: SetIndexTablespaceCopiesIt
ALTER INDEX account_name SET TABLESPACE fast;

-- case: SetIndexFillfactor
ALTER INDEX account_name SET (fillfactor = 70);

-- case: ResetIndexFillfactor
ALTER INDEX account_name RESET (fillfactor);

-- case: SetIndexStatistics
-- setup: CREATE INDEX account_lower ON account (lower(name));
ALTER INDEX account_lower ALTER COLUMN 1 SET STATISTICS 500;

-- case: IndexDependsOnExtension
ALTER INDEX account_name DEPENDS ON EXTENSION plpgsql;

-- case: ReindexIndex
REINDEX INDEX account_name;

-- case: ReindexPrimaryKey
REINDEX INDEX account_pkey;

-- case: ReindexTable
REINDEX TABLE account;

-- case: ReindexIndexOfASchema
REINDEX INDEX store.item_name;

-- case: ReindexMissingIndexFails
-- fails: 42P01
REINDEX INDEX missing;

-- case: ReindexSchemaRunsAlone
REINDEX SCHEMA store;

-- case: ReindexIndexConcurrently
-- blockers: account
REINDEX INDEX CONCURRENTLY account_name;

-- case: ReindexTableConcurrently
-- blockers: account
REINDEX TABLE CONCURRENTLY account;

-- case: ReindexWithTablespace
-- since: 14
REINDEX (TABLESPACE fast) INDEX account_name;

-- case: ReindexPartitionedTableRunsAlone
-- since: 14
-- blockers: event_2024
REINDEX TABLE event;

-- case: ReindexPartitionedIndexRunsAlone
-- since: 14
-- blockers: event_2024
REINDEX INDEX event_kind;

-- case: ReindexPartitionedTableConcurrently
-- since: 14
REINDEX TABLE CONCURRENTLY event;

-- case: ReindexOnePartition
REINDEX TABLE event_2024;

-- case: ExtendedStatistics
CREATE STATISTICS account_stats ON name, age FROM account;

-- case: DropExtendedStatistics
-- setup: CREATE STATISTICS account_stats ON name, age FROM account;
DROP STATISTICS account_stats;

-- case: AlterExtendedStatistics
-- since: 13
-- setup: CREATE STATISTICS account_stats ON name, age FROM account;
ALTER STATISTICS account_stats SET STATISTICS 100;
