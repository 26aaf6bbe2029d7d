-- Views, materialized views and rules.

CREATE TABLE account (id bigint PRIMARY KEY, name text, age integer);
CREATE TABLE orders (id bigint PRIMARY KEY, account_id bigint REFERENCES account, total numeric);
CREATE VIEW adult AS SELECT id, name FROM account WHERE age > 17;
CREATE VIEW adult_name AS SELECT name FROM adult;
CREATE MATERIALIZED VIEW spent AS SELECT account_id, sum(total) AS total FROM orders GROUP BY account_id;
CREATE UNIQUE INDEX spent_account ON spent (account_id);
CREATE MATERIALIZED VIEW bare AS SELECT id FROM account;
CREATE SCHEMA report;

-- case: CreateViewReadsTheTable
CREATE VIEW names AS SELECT name FROM account;

-- case: CreateViewOverAJoin
CREATE VIEW bought AS SELECT a.name, o.total FROM account a JOIN orders o ON o.account_id = a.id;

-- case: CreateViewOverAView
CREATE VIEW again AS SELECT name FROM adult;

-- case: CreateOrReplaceViewThatExists
CREATE OR REPLACE VIEW adult AS SELECT id, name FROM account WHERE age > 20;

-- case: CreateOrReplaceViewWithAMoreColumns
CREATE OR REPLACE VIEW adult AS SELECT id, name, age FROM account;

-- case: CreateOrReplaceViewWithFewerColumnsFails
-- fails: 42P16
CREATE OR REPLACE VIEW adult AS SELECT id FROM account;

-- case: CreateViewThatExistsFails
-- fails: 42P07
CREATE VIEW adult AS SELECT 1 AS one;

-- case: CreateViewOfAMissingTableFails
-- fails: 42P01
CREATE VIEW names AS SELECT name FROM missing;

-- case: CreateTemporaryView
CREATE TEMPORARY VIEW names AS SELECT name FROM account;

-- case: DropViewLocksItAlone
DROP VIEW adult_name;

-- case: DropViewUnderAViewNeedsCascade
-- fails: 2BP01
DROP VIEW adult;

-- case: DropViewWithCascade
DROP VIEW adult CASCADE;

-- case: DropViewIfExistsOfAMissingOne
DROP VIEW IF EXISTS missing;

-- case: DropMissingViewFails
-- fails: 42P01
DROP VIEW missing;

-- case: RenameView
ALTER VIEW adult_name RENAME TO grown_name;

-- case: RenameColumnOfAView
-- since: 13
ALTER VIEW adult_name RENAME COLUMN name TO title;

-- case: SetDefaultOfAView
ALTER VIEW adult ALTER COLUMN name SET DEFAULT 'x';

-- case: SetOptionOfAView
ALTER VIEW adult SET (security_barrier = true);

-- case: ReplaceAViewByOneOverAView
-- setup: CREATE VIEW named AS SELECT name FROM account;
CREATE OR REPLACE VIEW named AS SELECT name FROM adult;

-- case: ReplaceAViewByOneOverTwoTables
CREATE OR REPLACE VIEW adult AS SELECT a.id, a.name FROM account a, orders o WHERE o.account_id = a.id;

-- case: SetSchemaOfAView
ALTER VIEW adult_name SET SCHEMA report;

-- case: OwnerOfAView
ALTER VIEW adult_name OWNER TO app;

-- case: SelectOfAViewLocksItsTable
SELECT * FROM adult;

-- case: SelectOfAViewOfAView
SELECT * FROM adult_name;

-- case: InsertThroughAView
INSERT INTO adult (id, name) VALUES (1, 'x');

-- case: UpdateThroughAView
UPDATE adult SET name = 'x' WHERE id = 1;

-- case: CreateMaterializedView
CREATE MATERIALIZED VIEW copy AS SELECT * FROM account;

-- case: CreateMaterializedViewWithNoData
CREATE MATERIALIZED VIEW copy AS SELECT * FROM account WITH NO DATA;

-- case: RefreshRewritesUnderAccessExclusive
REFRESH MATERIALIZED VIEW spent;

-- case: RefreshConcurrentlyTakesExclusive
REFRESH MATERIALIZED VIEW CONCURRENTLY spent;

-- case: RefreshConcurrentlyWithoutUniqueIndexFails
-- fails: 55000
REFRESH MATERIALIZED VIEW CONCURRENTLY bare;

-- case: RefreshWithNoData
REFRESH MATERIALIZED VIEW spent WITH NO DATA;

-- case: DropMaterializedView
DROP MATERIALIZED VIEW spent;

-- case: RenameMaterializedView
ALTER MATERIALIZED VIEW spent RENAME TO spending;

-- case: RenameColumnOfAMaterializedView
ALTER MATERIALIZED VIEW spent RENAME COLUMN total TO amount;

-- case: SetSchemaOfAMaterializedView
ALTER MATERIALIZED VIEW bare SET SCHEMA report;

-- case: IndexOfAMaterializedView
CREATE INDEX spent_total ON spent (total);

-- case: SelectOfAMaterializedView
SELECT * FROM spent;

-- case: DropTableUnderAMaterializedViewWithCascade
DROP TABLE orders CASCADE;

-- case: CreateRule
CREATE RULE quiet AS ON DELETE TO account DO INSTEAD NOTHING;

-- case: CreateOrReplaceRuleOnAView
CREATE OR REPLACE RULE adult_insert AS ON INSERT TO adult DO INSTEAD INSERT INTO account (id, name) VALUES (NEW.id, NEW.name);

-- case: DropRule
-- setup: CREATE RULE quiet AS ON DELETE TO account DO INSTEAD NOTHING;
DROP RULE quiet ON account;

-- case: RenameRule
-- setup: CREATE RULE quiet AS ON DELETE TO account DO INSTEAD NOTHING;
ALTER RULE quiet ON account RENAME TO silent;

-- case: DisableRule
-- setup: CREATE RULE quiet AS ON DELETE TO account DO INSTEAD NOTHING;
ALTER TABLE account DISABLE RULE quiet;

-- case: UpdateThroughAViewOverAViewLocksAll
-- setup: CREATE TABLE member (id bigint PRIMARY KEY, email text, nick text);
-- setup: CREATE TABLE bill (id bigint PRIMARY KEY, member_id bigint REFERENCES member);
-- setup: CREATE VIEW m1 AS SELECT id, email FROM member WHERE id > 1;
-- setup: CREATE VIEW m2 AS SELECT * FROM m1;
UPDATE m2 SET email = 'x' WHERE id = 20;

-- case: DeleteThroughAViewOverAViewLooksAtWhatRefersToTheTable
-- setup: CREATE TABLE member (id bigint PRIMARY KEY, email text, nick text);
-- setup: CREATE TABLE bill (id bigint PRIMARY KEY, member_id bigint REFERENCES member ON DELETE CASCADE);
-- setup: INSERT INTO member VALUES (20, 'x', 'y');
-- setup: CREATE VIEW m1 AS SELECT id, email FROM member WHERE id > 1;
-- setup: CREATE VIEW m2 AS SELECT * FROM m1;
DELETE FROM m2 WHERE id = 20;
