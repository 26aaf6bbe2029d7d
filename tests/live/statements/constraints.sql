-- Constraints: CHECK, NOT NULL, UNIQUE, PRIMARY KEY, FOREIGN KEY, EXCLUDE.

CREATE TABLE account (id bigint PRIMARY KEY, name text, email text, age integer, code text NOT NULL, CONSTRAINT age_known CHECK (age > 0));
CREATE UNIQUE INDEX account_email ON account (email);
CREATE UNIQUE INDEX account_code ON account (code);
CREATE TABLE orders (id bigint, account_id bigint, total numeric, room integer, during tsrange);
CREATE TABLE line (id bigint PRIMARY KEY, order_id bigint, account_id bigint REFERENCES account, product bigint);
CREATE TABLE loose (id bigint, account_id bigint);
ALTER TABLE loose ADD CONSTRAINT loose_check CHECK (id > 0) NOT VALID;
ALTER TABLE loose ADD CONSTRAINT loose_account FOREIGN KEY (account_id) REFERENCES account NOT VALID;
CREATE TABLE bare (id bigint, name text);
CREATE UNIQUE INDEX bare_id ON bare (id);

-- case: CheckScans
ALTER TABLE account ADD CONSTRAINT name_short CHECK (length(name) < 100);

-- case: CheckNotValidIsMetadata
ALTER TABLE account ADD CONSTRAINT name_short CHECK (length(name) < 100) NOT VALID;

-- case: UnnamedCheckScans
ALTER TABLE account ADD CHECK (age < 200);

-- case: TwoChecksScanOnce
ALTER TABLE account ADD CHECK (age < 200), ADD CHECK (length(name) > 0);

-- case: CheckThatExistsFails
-- fails: 42710
ALTER TABLE account ADD CONSTRAINT age_known CHECK (age > 1);

-- case: CheckOfAMissingColumnFails
-- fails: 42703
ALTER TABLE account ADD CONSTRAINT missing_known CHECK (missing > 1);

-- case: ValidateCheckScansUnderShareUpdateExclusive
ALTER TABLE loose VALIDATE CONSTRAINT loose_check;

-- case: ValidateForeignKeyLocksTheOtherTable
ALTER TABLE loose VALIDATE CONSTRAINT loose_account;

-- case: ValidateWhatIsValidScansNothing
ALTER TABLE account VALIDATE CONSTRAINT age_known;

-- case: ValidateAMissingConstraintFails
-- fails: 42704
ALTER TABLE account VALIDATE CONSTRAINT missing;

-- case: DropCheckIsMetadata
ALTER TABLE account DROP CONSTRAINT age_known;

-- case: DropConstraintIfExistsOfAMissingOne
ALTER TABLE account DROP CONSTRAINT IF EXISTS missing;

-- case: DropMissingConstraintFails
-- fails: 42704
ALTER TABLE account DROP CONSTRAINT missing;

-- case: DropForeignKeyLocksTheReferencedTable
ALTER TABLE line DROP CONSTRAINT line_account_id_fkey;

-- case: DropPrimaryKeyDropsItsIndex
ALTER TABLE line DROP CONSTRAINT line_pkey;

-- case: DropReferencedPrimaryKeyNeedsCascade
-- fails: 2BP01
ALTER TABLE account DROP CONSTRAINT account_pkey;

-- case: DropReferencedPrimaryKeyWithCascadeLocksTheReferencingTables
ALTER TABLE account DROP CONSTRAINT account_pkey CASCADE;

-- case: RenameConstraint
ALTER TABLE account RENAME CONSTRAINT age_known TO age_positive;

-- case: RenameConstraintOfAnIndex
ALTER TABLE account RENAME CONSTRAINT account_pkey TO account_key;

-- case: ForeignKeyScansAndLocksBothTables
ALTER TABLE orders ADD CONSTRAINT orders_account FOREIGN KEY (account_id) REFERENCES account (id);

-- case: ForeignKeyNotValidIsMetadata
ALTER TABLE orders ADD CONSTRAINT orders_account FOREIGN KEY (account_id) REFERENCES account (id) NOT VALID;

-- case: ForeignKeyToTheSameTable
ALTER TABLE account ADD CONSTRAINT parent FOREIGN KEY (age) REFERENCES account (id);

-- case: ForeignKeyWithActions
ALTER TABLE orders ADD FOREIGN KEY (account_id) REFERENCES account ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED;

-- case: TwoForeignKeysLockBothReferencedTables
ALTER TABLE line ADD FOREIGN KEY (product) REFERENCES account, ADD FOREIGN KEY (order_id) REFERENCES line;

-- case: ForeignKeyToAColumnWithoutKeyFails
-- fails: 42830
ALTER TABLE orders ADD FOREIGN KEY (account_id) REFERENCES bare (name);

-- case: ForeignKeyToAMissingTableFails
-- fails: 42P01
ALTER TABLE orders ADD FOREIGN KEY (account_id) REFERENCES missing;

-- case: ForeignKeyToAUniqueIndex
ALTER TABLE orders ADD FOREIGN KEY (account_id) REFERENCES bare (id);

-- case: UniqueBuildsAnIndex
ALTER TABLE account ADD CONSTRAINT name_once UNIQUE (name);

-- case: UniqueOfTwoColumns
ALTER TABLE account ADD UNIQUE (name, age);

-- case: UniqueDeferrable
ALTER TABLE account ADD CONSTRAINT name_once UNIQUE (name) DEFERRABLE INITIALLY DEFERRED;

-- case: UniqueWithIncludedColumn
ALTER TABLE account ADD CONSTRAINT name_once UNIQUE (name) INCLUDE (age);

-- case: TwoUniquesBuildTwoIndexes
ALTER TABLE account ADD UNIQUE (name), ADD UNIQUE (age);

-- case: UniqueUsingIndexIsMetadata
ALTER TABLE account ADD CONSTRAINT email_once UNIQUE USING INDEX account_email;

-- case: UniqueUsingIndexOfItsOwnName
ALTER TABLE account ADD CONSTRAINT account_email UNIQUE USING INDEX account_email;

-- case: UniqueUsingAMissingIndexFails
-- fails: 42704
ALTER TABLE account ADD CONSTRAINT email_once UNIQUE USING INDEX missing;

-- case: PrimaryKeyOfANullableColumnScansAndBuilds
ALTER TABLE orders ADD PRIMARY KEY (id);

-- case: PrimaryKeyOfANotNullColumnBuilds
-- setup: ALTER TABLE orders ALTER COLUMN id SET NOT NULL;
ALTER TABLE orders ADD PRIMARY KEY (id);

-- case: PrimaryKeyUsingIndexOfANullableColumnScans
ALTER TABLE bare ADD CONSTRAINT bare_pkey PRIMARY KEY USING INDEX bare_id;

-- case: PrimaryKeyUsingIndexOfANotNullColumnIsMetadata
-- setup: ALTER TABLE bare ALTER COLUMN id SET NOT NULL;
ALTER TABLE bare ADD CONSTRAINT bare_pkey PRIMARY KEY USING INDEX bare_id;

-- case: PrimaryKeyUsingIndexUnderAValidCheckScansNothing
-- setup: ALTER TABLE bare ADD CONSTRAINT id_filled CHECK (id IS NOT NULL);
ALTER TABLE bare ADD CONSTRAINT bare_pkey PRIMARY KEY USING INDEX bare_id;

-- case: SecondPrimaryKeyFails
-- fails: 42P16
ALTER TABLE account ADD PRIMARY KEY (email);

-- case: PrimaryKeySwapInOneStatement
ALTER TABLE line DROP CONSTRAINT line_pkey, ADD PRIMARY KEY (product);

-- case: ExcludeBuildsAnIndexAndScans
ALTER TABLE orders ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&);

-- case: ExcludeByEquality
ALTER TABLE orders ADD CONSTRAINT one_room EXCLUDE (room WITH =);

-- case: DeferConstraint
ALTER TABLE line ALTER CONSTRAINT line_account_id_fkey DEFERRABLE INITIALLY DEFERRED;

-- case: SetConstraintsDeferred
SET CONSTRAINTS ALL DEFERRED;

-- case: CheckAndColumnInOneStatement
ALTER TABLE account ADD COLUMN level integer, ADD CONSTRAINT level_known CHECK (level > 0);

-- case: NotValidAndValidateInOneStatement
ALTER TABLE account ADD CONSTRAINT name_short CHECK (length(name) < 100) NOT VALID, VALIDATE CONSTRAINT age_known;

-- case: PrimaryKeyOfAParentSetsItsHeirsNotNull
-- setup: CREATE TABLE person (id bigint, name text);
-- setup: CREATE TABLE worker (job text) INHERITS (person);
-- setup: CREATE TABLE boss () INHERITS (worker);
ALTER TABLE person ADD PRIMARY KEY (id);

-- case: PrimaryKeyOfAParentFindsItsHeirsNotNull
-- setup: CREATE TABLE person (id bigint NOT NULL, name text);
-- setup: CREATE TABLE worker (job text) INHERITS (person);
ALTER TABLE person ADD PRIMARY KEY (id);

-- case: PrimaryKeyOfTheParentAloneLeavesItsHeirsAlone
-- until: 17
-- setup: CREATE TABLE person (id bigint, name text);
-- setup: CREATE TABLE worker (job text) INHERITS (person);
ALTER TABLE ONLY person ADD PRIMARY KEY (id);

-- case: PrimaryKeyOnAnIndexOfAParentSetsItsHeirsNotNull
-- setup: CREATE TABLE person (id bigint, name text);
-- setup: CREATE TABLE worker (job text) INHERITS (person);
-- setup: CREATE UNIQUE INDEX person_key ON person (id);
ALTER TABLE person ADD CONSTRAINT person_key PRIMARY KEY USING INDEX person_key;

-- case: ColumnThatAHeirHasFromAPrimaryKeyMayNotBecomeNullThere
-- setup: CREATE TABLE person (id bigint, name text);
-- setup: CREATE TABLE worker (job text) INHERITS (person);
-- setup: ALTER TABLE person ADD PRIMARY KEY (id);
ALTER TABLE worker ALTER COLUMN id SET NOT NULL;

-- case: UniqueOfAParentLeavesItsHeirsAlone
-- setup: CREATE TABLE person (id bigint, name text);
-- setup: CREATE TABLE worker (job text) INHERITS (person);
-- until: 17
ALTER TABLE person ADD UNIQUE (id);

-- case: KeyOfAnotherSchemaTakesItsIndexAlong
-- setup: CREATE SCHEMA shop;
-- setup: CREATE TABLE shop.item (id bigint CONSTRAINT item_key PRIMARY KEY);
ALTER TABLE shop.item DROP CONSTRAINT item_key;

-- case: RenameOfAKeyOfAnotherSchemaLocksItsIndex
-- setup: CREATE SCHEMA shop;
-- setup: CREATE TABLE shop.item (id bigint CONSTRAINT item_key PRIMARY KEY);
ALTER TABLE shop.item RENAME CONSTRAINT item_key TO item_pkey;

-- case: ClusterOnOfAnotherSchemaLocksItsIndex
-- setup: CREATE SCHEMA shop;
-- setup: CREATE TABLE shop.item (id bigint CONSTRAINT item_key PRIMARY KEY);
ALTER TABLE shop.item CLUSTER ON item_key;

-- case: ReplicaIdentityOfAnotherSchemaLocksItsIndex
-- setup: CREATE SCHEMA shop;
-- setup: CREATE TABLE shop.item (id bigint CONSTRAINT item_key PRIMARY KEY);
ALTER TABLE shop.item REPLICA IDENTITY USING INDEX item_key;

-- case: LongNameThatTheServerMakesUpIsCutAndNumbered
-- setup: CREATE TABLE a_table_whose_name_is_just_about_fifty_characters_ (a_column_with_a_rather_long_name_of_forty int);
-- setup: ALTER TABLE a_table_whose_name_is_just_about_fifty_characters_ ADD CHECK (a_column_with_a_rather_long_name_of_forty > 1);
-- setup: ALTER TABLE a_table_whose_name_is_just_about_fifty_characters_ ADD CHECK (a_column_with_a_rather_long_name_of_forty > 2);
ALTER TABLE a_table_whose_name_is_just_about_fifty_characters_ DROP CONSTRAINT a_table_whose_name_is_just_a_a_column_with_a_rather_long_check1;
