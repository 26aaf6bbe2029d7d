-- CREATE, DROP, TRUNCATE and rename of tables, and what ALTER TABLE sets on a whole table.

CREATE TABLE account (id bigint PRIMARY KEY, name text);
CREATE INDEX account_name ON account (name);
CREATE TABLE orders (id bigserial PRIMARY KEY, account_id bigint REFERENCES account);
CREATE TABLE line (id bigint PRIMARY KEY, order_id bigint REFERENCES orders, account_id bigint REFERENCES account);
CREATE TABLE lone (id bigint PRIMARY KEY, name text, big text);
CREATE UNLOGGED TABLE scratch (id bigint PRIMARY KEY);
CREATE TABLE owned (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE SCHEMA audit;
CREATE TABLE audit.log (id bigint, account_id bigint REFERENCES account);

-- case: CreateTableLocksNothingElse
CREATE TABLE fresh (id bigint PRIMARY KEY, name text UNIQUE);

-- case: CreateTableIfNotExistsOfOneThatExists
CREATE TABLE IF NOT EXISTS account (id bigint);

-- case: CreateTableThatExistsFails
-- fails: 42P07
CREATE TABLE account (id bigint);

-- case: CreateTableWithForeignKeyLocksTheReferencedTable
CREATE TABLE fresh (id bigint PRIMARY KEY, account_id bigint REFERENCES account);

-- case: CreateTableWithTwoForeignKeys
CREATE TABLE fresh (a bigint REFERENCES account, o bigint, FOREIGN KEY (o) REFERENCES orders (id));

-- case: CreateTableWithForeignKeyToItself
CREATE TABLE fresh (id bigint PRIMARY KEY, parent bigint REFERENCES fresh);

-- case: CreateTableWithForeignKeyToAMissingTableFails
-- fails: 42P01
CREATE TABLE fresh (id bigint REFERENCES missing);

-- case: CreateTableLikeReadsTheDefinition
CREATE TABLE fresh (LIKE account);

-- case: CreateTableLikeIncludingAll
CREATE TABLE fresh (LIKE account INCLUDING ALL);

-- case: CreateTableAs
CREATE TABLE fresh AS SELECT * FROM account;

-- case: CreateTableAsWithNoData
CREATE TABLE fresh AS SELECT id FROM account WITH NO DATA;

-- case: SelectInto
SELECT id INTO fresh FROM account;

-- case: CreateTableOfAType
-- setup: CREATE TYPE pair AS (a integer, b integer);
CREATE TABLE fresh OF pair;

-- case: CreateTemporaryTable
CREATE TEMPORARY TABLE fresh (id bigint);

-- case: CreateUnloggedTable
CREATE UNLOGGED TABLE fresh (id bigint);

-- case: CreateTableInASchema
CREATE TABLE audit.fresh (id bigint);

-- case: CreateTableInAMissingSchemaFails
-- fails: 3F000
CREATE TABLE nowhere.fresh (id bigint);

-- case: CreateViewInAMissingSchemaFails
-- fails: 3F000
CREATE VIEW nowhere.named AS SELECT name FROM lone;

-- case: CreateTableInASchemaThatWasRenamed
-- setup: ALTER SCHEMA audit RENAME TO history;
CREATE TABLE history.fresh (id bigint);

-- case: DropTableWithoutTies
DROP TABLE lone;

-- case: DropTableLocksTheTableItReferences
DROP TABLE line;

-- case: DropReferencedTableNeedsCascade
-- fails: 2BP01
DROP TABLE account;

-- case: DropReferencedTableWithCascade
DROP TABLE account CASCADE;

-- case: DropTwoTables
DROP TABLE line, lone;

-- case: DropTableWithSerial
-- setup: ALTER TABLE line DROP COLUMN order_id;
DROP TABLE orders;

-- case: DropTableWithIdentity
DROP TABLE owned;

-- case: DropTableIfExistsOfAMissingOne
DROP TABLE IF EXISTS missing;

-- case: DropMissingTableFails
-- fails: 42P01
DROP TABLE missing;

-- case: DropTableUnderAViewNeedsCascade
-- setup: CREATE VIEW names AS SELECT name FROM lone;
-- fails: 2BP01
DROP TABLE lone;

-- case: DropTableUnderAViewWithCascade
-- setup: CREATE VIEW names AS SELECT name FROM lone;
DROP TABLE lone CASCADE;

-- case: DropTableOfASchema
DROP TABLE audit.log;

-- case: TruncateOfATable
TRUNCATE lone;

-- case: TruncateRestartIdentity
TRUNCATE TABLE owned RESTART IDENTITY;

-- case: TruncateReferencedTableFails
-- fails: 0A000
TRUNCATE account;

-- case: TruncateCascadeLocksEveryReferencingTable
TRUNCATE account CASCADE;

-- case: TruncateTwoTables
TRUNCATE line, lone;

-- case: RenameTable
ALTER TABLE account RENAME TO customer;

-- case: RenameTableToOneThatExistsFails
-- fails: 42P07
ALTER TABLE account RENAME TO orders;

-- case: RenameTableIfExistsOfAMissingOne
ALTER TABLE IF EXISTS missing RENAME TO other;

-- case: RenameSequenceThroughAlterTable
ALTER TABLE orders_id_seq RENAME TO order_numbers;

-- case: SetSchemaOfATable
ALTER TABLE lone SET SCHEMA audit;

-- case: SetSchemaMovesOwnedSequences
ALTER TABLE owned SET SCHEMA audit;

-- case: SetSchemaToAMissingOneFails
-- fails: 3F000
ALTER TABLE lone SET SCHEMA nowhere;

-- case: SetTablespaceCopiesTheTable
ALTER TABLE lone SET TABLESPACE fast;

-- case: SetTablespaceOfAllTables
ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE fast;

-- case: SetUnloggedRewrites
ALTER TABLE lone SET UNLOGGED;

-- case: SetLoggedRewrites
ALTER TABLE scratch SET LOGGED;

-- case: SetLoggedOfALoggedTableIsMetadata
ALTER TABLE lone SET LOGGED;

-- case: SetFillfactor
ALTER TABLE lone SET (fillfactor = 80);

-- case: SetAutovacuumParameters
ALTER TABLE lone SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_enabled = true);

-- case: SetParallelWorkers
ALTER TABLE lone SET (parallel_workers = 4);

-- case: SetToastParameter
ALTER TABLE lone SET (toast.autovacuum_enabled = false);

-- case: SetUserCatalogTableIsStrong
ALTER TABLE lone SET (user_catalog_table = true);

-- case: ResetStorageParameter
ALTER TABLE lone RESET (fillfactor);

-- case: SetAccessMethodThatItHasIsMetadata
-- since: 15
ALTER TABLE lone SET ACCESS METHOD heap;

-- case: ClusterOnIsMetadata
ALTER TABLE account CLUSTER ON account_name;

-- case: SetWithoutCluster
ALTER TABLE account SET WITHOUT CLUSTER;

-- case: SetWithoutOids
ALTER TABLE account SET WITHOUT OIDS;

-- case: ReplicaIdentityFull
ALTER TABLE account REPLICA IDENTITY FULL;

-- case: ReplicaIdentityUsingIndex
ALTER TABLE account REPLICA IDENTITY USING INDEX account_pkey;

-- case: OwnerOfATable
ALTER TABLE account OWNER TO app;

-- case: OwnerOfATableWithSequence
ALTER TABLE owned OWNER TO app;

-- case: EnableRowSecurity
ALTER TABLE account ENABLE ROW LEVEL SECURITY;

-- case: ForceRowSecurity
ALTER TABLE account FORCE ROW LEVEL SECURITY;

-- case: OfType
-- setup: CREATE TYPE pair AS (a integer, b integer);
-- setup: CREATE TABLE typed (a integer, b integer);
ALTER TABLE typed OF pair;

-- case: NotOfType
-- setup: CREATE TYPE pair AS (a integer, b integer);
-- setup: CREATE TABLE typed OF pair;
ALTER TABLE typed NOT OF;

-- case: CopyOfASerialColumnSharesItsSequence
-- setup: CREATE TABLE ticket (id bigserial PRIMARY KEY, note text);
-- setup: CREATE TABLE ticket_copy (LIKE ticket INCLUDING ALL);
INSERT INTO ticket_copy (note) VALUES ('x');

-- case: DropOfACopyOfASerialColumn
-- setup: CREATE TABLE ticket (id bigserial PRIMARY KEY, note text);
-- setup: CREATE TABLE ticket_copy (LIKE ticket INCLUDING ALL);
DROP TABLE ticket_copy;

-- case: CopyOfAnIdentityColumnHasItsOwnSequence
-- setup: CREATE TABLE ticket (id bigint GENERATED ALWAYS AS IDENTITY, note text);
-- setup: CREATE TABLE ticket_copy (LIKE ticket INCLUDING ALL);
DROP TABLE ticket_copy;

-- case: CopyOfASerialColumnWithoutDefaultsHasNoNumbers
-- setup: CREATE TABLE ticket (id bigserial, note text);
-- setup: CREATE TABLE ticket_copy (LIKE ticket INCLUDING IDENTITY);
INSERT INTO ticket_copy (id, note) VALUES (1, 'x');
