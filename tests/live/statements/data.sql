-- SELECT, INSERT, UPDATE, DELETE, MERGE, COPY.

CREATE TABLE account (id bigint PRIMARY KEY, name text, balance numeric DEFAULT 0);
CREATE TABLE orders (id bigserial PRIMARY KEY, account_id bigint REFERENCES account, total numeric);
CREATE TABLE line (id bigint PRIMARY KEY, order_id bigint REFERENCES orders ON DELETE CASCADE, note text);
CREATE TABLE backup (id bigint, name text);
CREATE SEQUENCE numbers;
INSERT INTO account (id, name) VALUES (1, 'a'), (2, 'b');
INSERT INTO orders (account_id, total) VALUES (1, 10);
INSERT INTO line VALUES (1, 1, 'x');

-- case: SelectTakesAccessShare
SELECT * FROM account;

-- case: SelectOfAJoin
SELECT a.name, sum(o.total) FROM account a JOIN orders o ON o.account_id = a.id GROUP BY a.name;

-- case: SelectWithASubquery
SELECT name FROM account WHERE id IN (SELECT account_id FROM orders);

-- case: SelectForUpdateTakesRowShare
SELECT * FROM account WHERE id = 1 FOR UPDATE;

-- case: SelectForKeyShare
SELECT * FROM account WHERE id = 1 FOR KEY SHARE;

-- case: SelectForUpdateOfOneTable
SELECT * FROM account a JOIN orders o ON o.account_id = a.id FOR UPDATE OF o;

-- case: SelectWithoutTable
SELECT 1;

-- case: WithQuery
WITH rich AS (SELECT id FROM account WHERE balance > 5) SELECT * FROM rich JOIN orders ON orders.account_id = rich.id;

-- case: TableCommand
TABLE account;

-- case: ValuesCommand
VALUES (1), (2);

-- case: InsertTakesRowExclusive
INSERT INTO account (id, name) VALUES (3, 'c');

-- case: InsertChecksTheForeignKey
INSERT INTO line (id, order_id) VALUES (2, 1);

-- case: InsertUsesTheSequence
INSERT INTO orders (account_id) VALUES (1);

-- case: InsertSelectReadsTheOtherTable
INSERT INTO backup SELECT id, name FROM account;

-- case: InsertOnConflict
INSERT INTO account (id, name) VALUES (1, 'z') ON CONFLICT (id) DO UPDATE SET name = excluded.name;

-- case: InsertReturning
INSERT INTO account (id) VALUES (9) RETURNING id;

-- case: InsertDefaultValues
INSERT INTO backup DEFAULT VALUES;

-- case: UpdateTakesRowExclusive
UPDATE account SET balance = balance + 1;

-- case: UpdateOfOneRow
UPDATE account SET name = 'y' WHERE id = 1;

-- case: UpdateOfAReferencedKeyChecksTheOtherTable
UPDATE account SET id = 20 WHERE id = 2;

-- case: UpdateOfAReferencingColumnChecksTheOtherTable
UPDATE orders SET account_id = 2;

-- case: UpdateFromReadsTheOtherTable
UPDATE account SET balance = o.total FROM orders o WHERE o.account_id = account.id;

-- case: UpdateWithNextvalLocksTheSequence
-- setup: INSERT INTO backup VALUES (1, 'x');
UPDATE backup SET id = nextval('numbers');

-- case: DeleteTakesRowExclusive
DELETE FROM line WHERE id = 1;

-- case: DeleteOfAReferencedRowChecksTheOtherTable
DELETE FROM account WHERE id = 2;

-- case: DeleteCascadesToTheOtherTable
DELETE FROM orders;

-- case: DeleteUsingReadsTheOtherTable
DELETE FROM line USING orders WHERE line.order_id = orders.id;

-- case: MergeTakesRowExclusive
-- since: 15
MERGE INTO account a USING backup b ON a.id = b.id WHEN MATCHED THEN UPDATE SET name = b.name WHEN NOT MATCHED THEN INSERT (id, name) VALUES (b.id, b.name);

-- case: DeleteInWith
WITH gone AS (DELETE FROM line RETURNING *) INSERT INTO backup SELECT id, note FROM gone;

-- case: CopyToReads
-- since: 13
COPY account TO '/dev/null';

-- case: CopyFromWrites
COPY backup FROM '/dev/null';

-- case: InsertIntoAMissingTableFails
-- fails: 42P01
INSERT INTO missing VALUES (1);

-- case: UpdateOfAMissingColumnFails
-- fails: 42703
UPDATE account SET missing = 1;

-- case: SyntaxErrorFails
-- fails: 42601
SELEC 1;

-- case: InsertTakesNumbersOfASequenceThatItsDefaultNames
-- setup: ALTER TABLE backup ALTER COLUMN id SET DEFAULT nextval('numbers');
INSERT INTO backup (name) VALUES ('x');

-- case: InsertIntoATableMadeWithADefaultOfAnotherSequence
-- setup: CREATE TABLE ticket (id bigint DEFAULT nextval('numbers'), note text);
INSERT INTO ticket (note) VALUES ('x');

-- case: InsertWithItsOwnNumberLeavesTheSequenceAlone
-- setup: CREATE TABLE ticket (id bigint DEFAULT nextval('numbers'), note text);
INSERT INTO ticket (id, note) VALUES (7, 'x');

-- case: TruncateRestartsNoSequenceThatADefaultOnlyNames
-- setup: CREATE TABLE ticket (id bigint DEFAULT nextval('numbers'), note text);
TRUNCATE ticket RESTART IDENTITY;
