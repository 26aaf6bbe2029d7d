-- What versions 16 to 18 added to the grammar.

CREATE TABLE account (id bigint PRIMARY KEY, name text, age integer, note text);
CREATE TABLE orders (id bigint, account_id bigint);
CREATE TABLE room (id integer NOT NULL, during tsrange NOT NULL);
CREATE TABLE box (a integer, area integer GENERATED ALWAYS AS (a * a) STORED);

-- case: SetStorageInCreateTable
-- since: 16
CREATE TABLE fresh (doc text STORAGE EXTERNAL);

-- case: ReindexDatabaseWithoutName
-- since: 16
REINDEX DATABASE;

-- case: VacuumOnlyTheDatabaseStatistics
-- since: 16
VACUUM (ONLY_DATABASE_STATS);

-- case: CreateStatisticsWithoutName
-- since: 16
CREATE STATISTICS ON name, age FROM account;

-- case: SetExpressionRewrites
-- since: 17
ALTER TABLE box ALTER COLUMN area SET EXPRESSION AS (a + a);

-- case: SetAccessMethodDefault
-- since: 17
ALTER TABLE account SET ACCESS METHOD DEFAULT;

-- case: MergeByNotMatchedBySource
-- since: 17
MERGE INTO account a USING orders o ON a.id = o.id WHEN NOT MATCHED BY SOURCE THEN DELETE;

-- case: SetStatisticsDefault
-- since: 17
ALTER TABLE account ALTER COLUMN name SET STATISTICS DEFAULT;

-- case: VirtualGeneratedColumnIsMetadata
-- since: 18
ALTER TABLE account ADD COLUMN upper_name text GENERATED ALWAYS AS (upper(name)) VIRTUAL;

-- case: GeneratedColumnIsVirtualUnlessSaid
-- since: 18
ALTER TABLE account ADD COLUMN upper_name text GENERATED ALWAYS AS (upper(name));

-- case: NotNullConstraintScans
-- since: 18
ALTER TABLE account ADD CONSTRAINT name_filled NOT NULL name;

-- case: NotNullNotValidIsMetadata
-- since: 18
ALTER TABLE account ADD CONSTRAINT name_filled NOT NULL name NOT VALID;

-- case: ValidateNotNull
-- since: 18
-- setup: ALTER TABLE account ADD CONSTRAINT name_filled NOT NULL name NOT VALID;
ALTER TABLE account VALIDATE CONSTRAINT name_filled;

-- case: SetNotNullOfAnUnvalidatedNotNullScans
-- since: 18
-- setup: ALTER TABLE account ADD CONSTRAINT name_filled NOT NULL name NOT VALID;
ALTER TABLE account ALTER COLUMN name SET NOT NULL;

-- case: CheckNotEnforcedIsMetadata
-- since: 18
ALTER TABLE account ADD CONSTRAINT age_known CHECK (age > 0) NOT ENFORCED;

-- case: ForeignKeyNotEnforced
-- since: 18
ALTER TABLE orders ADD CONSTRAINT orders_account FOREIGN KEY (account_id) REFERENCES account NOT ENFORCED;

-- case: EnforceAForeignKeyScans
-- since: 18
-- setup: ALTER TABLE orders ADD CONSTRAINT orders_account FOREIGN KEY (account_id) REFERENCES account NOT ENFORCED;
ALTER TABLE orders ALTER CONSTRAINT orders_account ENFORCED;

-- case: PrimaryKeyWithoutOverlaps
-- since: 18
-- setup: CREATE TYPE id_range AS RANGE (subtype = integer);
-- setup: CREATE TABLE stay (id id_range, during tsrange);
ALTER TABLE stay ADD PRIMARY KEY (id, during WITHOUT OVERLAPS);

-- case: AlterConstraintInherit
-- since: 18
-- setup: ALTER TABLE account ADD CONSTRAINT name_filled NOT NULL name NO INHERIT;
ALTER TABLE account ALTER CONSTRAINT name_filled INHERIT;

-- case: VacuumOnlyTheParent
-- since: 18
VACUUM ONLY account;

-- case: AnalyzeOnlyTheParent
-- since: 18
ANALYZE ONLY account;

-- case: ForeignKeyOfAPartitionedTableNotValid
-- since: 18
-- setup: CREATE TABLE event (id bigint) PARTITION BY RANGE (id);
-- setup: CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (1) TO (9);
ALTER TABLE event ADD FOREIGN KEY (id) REFERENCES account NOT VALID;

-- case: NewSyntaxIsASyntaxErrorBefore
-- until: 17
-- fails: 42601
ALTER TABLE account ADD COLUMN upper_name text GENERATED ALWAYS AS (upper(name)) VIRTUAL;
