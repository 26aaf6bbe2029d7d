-- Types, enums, domains, sequences, functions, triggers, policies, schemas, extensions, grants, comments.

CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TYPE pair AS (a integer, b text);
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN plain AS text;
CREATE TABLE account (id bigint PRIMARY KEY, name text, feels mood, size positive, note plain, both_of pair);
CREATE INDEX account_name ON account (name);
CREATE TABLE orders (id bigserial PRIMARY KEY, account_id bigint REFERENCES account);
CREATE TABLE typed OF pair;
CREATE SEQUENCE numbers;
CREATE VIEW names AS SELECT name FROM account;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
CREATE PROCEDURE nothing() LANGUAGE sql AS '';
CREATE TRIGGER account_touch BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION touch();
CREATE POLICY own ON account USING (true);
CREATE SCHEMA store;
CREATE TABLE store.item (id bigint PRIMARY KEY, account_id bigint REFERENCES account);

-- case: CreateEnum
CREATE TYPE color AS ENUM ('red', 'green');

-- case: AddEnumValueAtTheEnd
ALTER TYPE mood ADD VALUE 'calm';

-- case: AddEnumValueBefore
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'angry' BEFORE 'sad';

-- case: AddEnumValueThatExistsFails
-- fails: 42710
ALTER TYPE mood ADD VALUE 'sad';

-- case: RenameEnumValue
ALTER TYPE mood RENAME VALUE 'sad' TO 'gloomy';

-- case: RenameType
ALTER TYPE mood RENAME TO feeling;

-- case: DropTypeInUseFails
-- fails: 2BP01
DROP TYPE mood;

-- case: DropTypeWithCascadeDropsColumns
DROP TYPE mood CASCADE;

-- case: DropUnusedType
-- setup: CREATE TYPE color AS ENUM ('red');
DROP TYPE color;

-- case: ChangeAttributeOfATypeInUseFails
-- setup: DROP TABLE typed;
-- fails: 0A000
ALTER TYPE pair ALTER ATTRIBUTE a TYPE text;

-- case: AddAttributeToATypeOfATypedTableNeedsCascade
-- fails: 2BP01
ALTER TYPE pair ADD ATTRIBUTE c integer;

-- case: AddAttributeCascadesToTypedTables
-- setup: ALTER TABLE account DROP COLUMN both_of;
ALTER TYPE pair ADD ATTRIBUTE c integer CASCADE;

-- case: CreateDomain
CREATE DOMAIN short AS text CHECK (length(VALUE) < 10);

-- case: AddDomainConstraintScansEveryTableThatUsesIt
ALTER DOMAIN plain ADD CONSTRAINT plain_short CHECK (length(VALUE) < 10);

-- case: AddDomainConstraintNotValid
ALTER DOMAIN plain ADD CONSTRAINT plain_short CHECK (length(VALUE) < 10) NOT VALID;

-- case: ValidateDomainConstraintScans
-- setup: ALTER DOMAIN plain ADD CONSTRAINT plain_short CHECK (length(VALUE) < 10) NOT VALID;
ALTER DOMAIN plain VALIDATE CONSTRAINT plain_short;

-- case: SetDomainNotNullScans
ALTER DOMAIN plain SET NOT NULL;

-- case: DropDomainConstraint
ALTER DOMAIN positive DROP CONSTRAINT positive_check;

-- case: SetDomainDefault
ALTER DOMAIN plain SET DEFAULT 'x';

-- case: DropDomainInUseFails
-- fails: 2BP01
DROP DOMAIN plain;

-- case: DropDomainWithCascadeDropsColumns
DROP DOMAIN plain CASCADE;

-- case: CreateSequence
CREATE SEQUENCE more;

-- case: CreateSequenceOwnedByAColumn
CREATE SEQUENCE more OWNED BY account.id;

-- case: AlterSequenceRestart
ALTER SEQUENCE numbers RESTART WITH 10;

-- case: AlterSequenceIncrement
ALTER SEQUENCE numbers INCREMENT BY 5;

-- case: AlterSequenceOwnedBy
ALTER SEQUENCE numbers OWNED BY account.id;

-- case: AlterSequenceType
ALTER SEQUENCE orders_id_seq AS integer;

-- case: RenameSequence
ALTER SEQUENCE numbers RENAME TO counted;

-- case: DropSequence
DROP SEQUENCE numbers;

-- case: DropOwnedSequenceFails
-- fails: 2BP01
DROP SEQUENCE orders_id_seq;

-- case: DropOwnedSequenceWithCascadeLocksItsTable
DROP SEQUENCE orders_id_seq CASCADE;

-- case: SetvalLocksTheSequence
SELECT setval('numbers', 5);

-- case: NextvalLocksTheSequence
SELECT nextval('numbers');

-- case: CreateFunction
CREATE FUNCTION thrice(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 * 3';

-- case: ReplaceFunction
CREATE OR REPLACE FUNCTION twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $1';

-- case: AlterFunction
ALTER FUNCTION twice(integer) STABLE;

-- case: DropFunction
DROP FUNCTION twice(integer);

-- case: DropTriggerFunctionNeedsCascade
-- fails: 2BP01
DROP FUNCTION touch();

-- case: DropTriggerFunctionWithCascadeLocksTheTable
DROP FUNCTION touch() CASCADE;

-- case: CreateProcedure
CREATE PROCEDURE more() LANGUAGE sql AS '';

-- case: CallIsNotUnderstood
-- refused: CALL
CALL nothing();

-- case: DoBlockIsNotUnderstood
-- refused: DO
DO $$ BEGIN ALTER TABLE account ADD COLUMN hidden text; END $$;

-- case: CreateTriggerTakesShareRowExclusive
CREATE TRIGGER account_seen AFTER INSERT ON account FOR EACH ROW EXECUTE FUNCTION touch();

-- case: CreateOrReplaceTrigger
-- since: 14
CREATE OR REPLACE TRIGGER account_touch BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION touch();

-- case: CreateConstraintTriggerLocksTheOtherTable
CREATE CONSTRAINT TRIGGER account_checked AFTER INSERT ON account FROM orders FOR EACH ROW EXECUTE FUNCTION touch();

-- case: CreateTriggerThatExistsFails
-- fails: 42710
CREATE TRIGGER account_touch BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION touch();

-- case: DropTriggerTakesAccessExclusive
DROP TRIGGER account_touch ON account;

-- case: DropTriggerIfExistsOfAMissingOne
DROP TRIGGER IF EXISTS missing ON account;

-- case: RenameTrigger
ALTER TRIGGER account_touch ON account RENAME TO account_touched;

-- case: DisableTrigger
ALTER TABLE account DISABLE TRIGGER account_touch;

-- case: EnableAlwaysTrigger
ALTER TABLE account ENABLE ALWAYS TRIGGER account_touch;

-- case: DisableAllUserTriggers
ALTER TABLE account DISABLE TRIGGER USER;

-- case: CreatePolicy
CREATE POLICY mine ON account FOR SELECT USING (id = 1);

-- case: PolicyWithASubqueryReadsTheOtherTable
CREATE POLICY bought ON account USING (id IN (SELECT account_id FROM orders));

-- case: AlterPolicy
ALTER POLICY own ON account USING (id > 0);

-- case: RenamePolicy
ALTER POLICY own ON account RENAME TO owned;

-- case: DropPolicy
DROP POLICY own ON account;

-- case: CommentOnTable
COMMENT ON TABLE account IS 'people';

-- case: CommentOnColumn
COMMENT ON COLUMN account.name IS 'as they say';

-- case: CommentOnIndex
COMMENT ON INDEX account_name IS 'fast';

-- case: CommentOnConstraint
COMMENT ON CONSTRAINT account_pkey ON account IS 'the key';

-- case: CommentOnView
COMMENT ON VIEW names IS 'all';

-- case: CommentOnFunction
COMMENT ON FUNCTION twice(integer) IS 'two';

-- case: CommentOnSchema
COMMENT ON SCHEMA store IS 'things';

-- case: GrantOnTable
GRANT SELECT, INSERT ON account TO app;

-- case: GrantOnAllTablesOfASchema
GRANT SELECT ON ALL TABLES IN SCHEMA store TO app;

-- case: GrantOnSequence
GRANT USAGE ON SEQUENCE numbers TO app;

-- case: RevokeOnTable
REVOKE ALL ON account FROM app;

-- case: AlterDefaultPrivileges
ALTER DEFAULT PRIVILEGES IN SCHEMA store GRANT SELECT ON TABLES TO app;

-- case: CreateSchema
CREATE SCHEMA more;

-- case: CreateSchemaWithATable
CREATE SCHEMA more CREATE TABLE inner_table (id bigint);

-- case: CreateSchemaThatExistsFails
-- fails: 42P06
CREATE SCHEMA store;

-- case: CreateSchemaIfNotExistsOfOneThatExists
CREATE SCHEMA IF NOT EXISTS store;

-- case: CreateSchemaNamedLikeItsOwner
CREATE SCHEMA AUTHORIZATION app;

-- case: CreateEnumInAMissingSchemaFails
-- fails: 3F000
CREATE TYPE nowhere.color AS ENUM ('red');

-- case: CreateSequenceInAMissingSchemaFails
-- fails: 3F000
CREATE SEQUENCE nowhere.fresh;

-- case: RenameSchemaToOneThatExistsFails
-- fails: 42P06
ALTER SCHEMA store RENAME TO public;

-- case: RenameSchemaThatIsMissingFails
-- fails: 3F000
ALTER SCHEMA nowhere RENAME TO somewhere;

-- case: SetSchemaOfATypeToAMissingOneFails
-- fails: 3F000
ALTER TYPE mood SET SCHEMA nowhere;

-- case: DropSchemaThatIsMissingFails
-- fails: 3F000
DROP SCHEMA nowhere;

-- case: DropSchemaIfExistsOfAMissingOne
DROP SCHEMA IF EXISTS nowhere;

-- case: RenameSchema
ALTER SCHEMA store RENAME TO shop;

-- case: DropSchemaInUseFails
-- fails: 2BP01
DROP SCHEMA store;

-- case: DropSchemaWithCascadeLocksWhatItHolds
DROP SCHEMA store CASCADE;

-- case: CreateExtensionIfNotExistsOfOneThatExists
CREATE EXTENSION IF NOT EXISTS plpgsql;

-- case: CreateRole
CREATE ROLE reader;

-- case: FunctionThatReturnsAnEnum
CREATE FUNCTION mood_of(integer) RETURNS mood LANGUAGE sql AS 'SELECT NULL::mood';

-- case: CreateAggregate
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer);

-- case: CreateCollation
CREATE COLLATION plain_c FROM "C";

-- case: CreateOperator
CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq);

-- case: CreateEventTrigger
-- setup: CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION on_ddl();

-- case: CreatePublicationOfATable
CREATE PUBLICATION feed FOR TABLE account;

-- case: CreatePublicationOfAllTables
CREATE PUBLICATION everything FOR ALL TABLES;

-- case: AddTableToAPublication
-- setup: CREATE PUBLICATION feed FOR TABLE account;
ALTER PUBLICATION feed ADD TABLE orders;

-- case: DropTableFromAPublication
-- setup: CREATE PUBLICATION feed FOR TABLE account;
ALTER PUBLICATION feed DROP TABLE account;

-- case: DropPublication
-- setup: CREATE PUBLICATION feed FOR TABLE account;
DROP PUBLICATION feed;

-- case: CreateForeignTable
-- setup: CREATE FOREIGN DATA WRAPPER elsewhere;
-- setup: CREATE SERVER far FOREIGN DATA WRAPPER elsewhere;
CREATE FOREIGN TABLE remote (id bigint) SERVER far;

-- case: AddColumnToAForeignTable
-- setup: CREATE FOREIGN DATA WRAPPER elsewhere;
-- setup: CREATE SERVER far FOREIGN DATA WRAPPER elsewhere;
-- setup: CREATE FOREIGN TABLE remote (id bigint) SERVER far;
ALTER FOREIGN TABLE remote ADD COLUMN name text;

-- case: DropForeignTable
-- setup: CREATE FOREIGN DATA WRAPPER elsewhere;
-- setup: CREATE SERVER far FOREIGN DATA WRAPPER elsewhere;
-- setup: CREATE FOREIGN TABLE remote (id bigint) SERVER far;
DROP FOREIGN TABLE remote;

-- case: AttributeAddedWithCascadeReachesHeirsOfTypedTables
-- setup: CREATE TYPE entry AS (id bigint, text text);
-- setup: CREATE TABLE entries OF entry;
-- setup: CREATE TABLE late (n integer) INHERITS (entries);
ALTER TYPE entry ADD ATTRIBUTE more text CASCADE;

-- case: AttributeDroppedWithCascadeReachesHeirsOfTypedTables
-- setup: CREATE TYPE entry AS (id bigint, text text);
-- setup: CREATE TABLE entries OF entry;
-- setup: CREATE TABLE late (n integer) INHERITS (entries);
ALTER TYPE entry DROP ATTRIBUTE text CASCADE;

-- case: AttributeChangedWithCascadeReachesHeirsOfTypedTables
-- setup: CREATE TYPE entry AS (id integer, text text);
-- setup: CREATE TABLE entries OF entry;
-- setup: CREATE TABLE late (n integer) INHERITS (entries);
ALTER TYPE entry ALTER ATTRIBUTE id TYPE bigint CASCADE;

-- case: AttributeAddedWithCascadeIsAColumnOfHeirs
-- setup: CREATE TYPE entry AS (id bigint, text text);
-- setup: CREATE TABLE entries OF entry;
-- setup: CREATE TABLE late (n integer) INHERITS (entries);
-- setup: ALTER TYPE entry ADD ATTRIBUTE more text CASCADE;
ALTER TABLE late ALTER COLUMN more SET NOT NULL;

-- case: CreateSchemaWithWhatIsInIt
CREATE SCHEMA archive
  CREATE VIEW recent AS SELECT old_account.id FROM old_account JOIN account ON account.id = old_account.id
  CREATE INDEX old_account_note ON old_account (note)
  CREATE TABLE old_account (id bigint PRIMARY KEY, account_id bigint REFERENCES account, note text)
  CREATE SEQUENCE counter;

-- case: CreateSchemaWithATableThatIsInPublicToo
CREATE SCHEMA archive CREATE TABLE account (id bigint PRIMARY KEY) CREATE INDEX ON account (id);

-- case: DropSchemaThatWasCreatedWithATable
-- setup: CREATE SCHEMA archive CREATE TABLE old_account (id bigint PRIMARY KEY, account_id bigint REFERENCES account);
DROP SCHEMA archive CASCADE;

-- case: CreateSchemaWithATwiceNamedTableFails
-- fails: 42P07
CREATE SCHEMA archive CREATE TABLE old_account (id bigint) CREATE TABLE old_account (id bigint);
