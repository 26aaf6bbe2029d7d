-- VACUUM, ANALYZE, CLUSTER, LOCK, settings and other statements of a session.

CREATE TABLE account (id bigint PRIMARY KEY, name text);
CREATE INDEX account_name ON account (name);
CREATE TABLE orders (id bigint PRIMARY KEY, account_id bigint REFERENCES account);
CREATE TABLE event (id bigint, at date) PARTITION BY RANGE (at);
CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE VIEW names AS SELECT name FROM account;
CREATE MATERIALIZED VIEW copy AS SELECT * FROM account;
CREATE TABLE clustered (id bigint PRIMARY KEY);
CLUSTER clustered USING clustered_pkey;

-- case: VacuumScansUnderShareUpdateExclusive
-- blockers: account
VACUUM account;

-- case: VacuumAnalyze
-- blockers: account
VACUUM ANALYZE account;

-- case: VacuumFullRewrites
-- blockers: account
VACUUM FULL account;

-- case: VacuumFreeze
-- blockers: account
VACUUM (FREEZE, VERBOSE) account;

-- case: VacuumTwoTables
-- blockers: account, orders
VACUUM account, orders;

-- case: VacuumPartitionedTable
-- blockers: event_2024
VACUUM event;

-- case: AnalyzeTakesShareUpdateExclusive
ANALYZE account;

-- case: AnalyzeOfAColumn
ANALYZE account (name);

-- case: AnalyzePartitionedTable
ANALYZE event;

-- case: AnalyzeEverything
ANALYZE;

-- case: ClusterUsingAnIndexRewrites
CLUSTER account USING account_name;

-- case: ClusterByTheRememberedIndex
CLUSTER clustered;

-- case: ClusterEverythingRunsAlone
CLUSTER;

-- case: LockTableTakesAccessExclusive
LOCK TABLE account;

-- case: LockTableInAMode
LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE;

-- case: LockTwoTables
LOCK TABLE account, orders IN SHARE MODE NOWAIT;

-- case: LockPartitionedTable
LOCK TABLE event IN EXCLUSIVE MODE;

-- case: LockOnlyTheParent
LOCK TABLE ONLY event IN EXCLUSIVE MODE;

-- case: LockAViewLocksItsTable
LOCK TABLE names IN ROW SHARE MODE;

-- case: SetLockTimeout
SET lock_timeout = '1s';

-- case: SetLocalStatementTimeout
SET LOCAL statement_timeout = '5s';

-- case: ResetSetting
RESET lock_timeout;

-- case: SetSearchPath
SET search_path = public;

-- case: ShowSetting
SHOW lock_timeout;

-- case: BeginInsideATransaction
BEGIN;

-- case: Savepoint
SAVEPOINT here;

-- case: Explain
EXPLAIN SELECT * FROM account;

-- case: ExplainAnalyzeRunsTheStatement
EXPLAIN ANALYZE DELETE FROM orders;

-- case: PrepareReadsTheDefinition
PREPARE one AS SELECT * FROM account;

-- case: DeclareCursor
DECLARE c CURSOR FOR SELECT * FROM account;

-- case: Notify
NOTIFY changed;

-- case: Listen
LISTEN changed;

-- case: DiscardPlans
DISCARD PLANS;

-- case: DiscardAllRunsAlone
DISCARD ALL;

-- case: Checkpoint
CHECKPOINT;

-- case: AlterSystemRunsAlone
ALTER SYSTEM SET work_mem = '8MB';

-- case: AlterDatabaseSetting
ALTER DATABASE postgres SET lock_timeout = '5s';

-- case: AlterRoleSetting
ALTER ROLE app SET lock_timeout = '5s';

-- case: CreateDatabaseRunsAlone
CREATE DATABASE fresh_database TEMPLATE template0;

-- case: DropDatabaseIfExistsRunsAlone
DROP DATABASE IF EXISTS missing_database;
