-- Partitioned tables and inheritance.

CREATE TABLE event (id bigint NOT NULL, at date NOT NULL, kind text, size integer) PARTITION BY RANGE (at);
CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE event_2025 PARTITION OF event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX event_kind ON event (kind);
CREATE TABLE event_new (id bigint NOT NULL, at date NOT NULL, kind text, size integer);
CREATE TABLE event_checked (id bigint NOT NULL, at date NOT NULL, kind text, size integer,
                            CHECK (at >= '2027-01-01' AND at < '2028-01-01'));
CREATE TABLE bucket (id bigint PRIMARY KEY, name text) PARTITION BY HASH (id);
CREATE TABLE bucket_0 PARTITION OF bucket FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE bucket_1 PARTITION OF bucket FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE area (id integer, code text) PARTITION BY LIST (code);
CREATE TABLE area_rest PARTITION OF area DEFAULT;
CREATE TABLE area_de PARTITION OF area FOR VALUES IN ('de');
CREATE TABLE item (id bigint PRIMARY KEY);
CREATE TABLE bucket_note (id bigint PRIMARY KEY, bucket_id bigint REFERENCES bucket);
CREATE TABLE parent (id bigint, name text);
CREATE TABLE child (extra text) INHERITS (parent);
CREATE TABLE grandchild () INHERITS (child);
CREATE TABLE stranger (id bigint, name text);

-- case: CreatePartitionLocksTheParent
CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

-- case: CreatePartitionBesideADefaultOneScansIt
CREATE TABLE area_fr PARTITION OF area FOR VALUES IN ('fr');

-- case: CreateDefaultPartition
CREATE TABLE event_rest PARTITION OF event DEFAULT;

-- case: CreatePartitionOfATableWithForeignKey
-- setup: ALTER TABLE event ADD FOREIGN KEY (id) REFERENCES item;
CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

-- case: CreateOverlappingPartitionFails
-- fails: 42P17
CREATE TABLE event_again PARTITION OF event FOR VALUES FROM ('2024-06-01') TO ('2024-07-01');

-- case: AttachOverlappingPartitionFails
-- fails: 42P17
ALTER TABLE event ATTACH PARTITION event_new FOR VALUES FROM ('2025-12-31') TO ('2026-12-31');

-- case: CreatePartitionOfAListedValueFails
-- fails: 42P17
CREATE TABLE area_again PARTITION OF area FOR VALUES IN ('fr', 'de');

-- case: CreateSecondDefaultPartitionFails
-- fails: 42P17
CREATE TABLE area_others PARTITION OF area DEFAULT;

-- case: CreatePartitionOfATakenRemainderFails
-- fails: 42P17
CREATE TABLE bucket_3 PARTITION OF bucket FOR VALUES WITH (MODULUS 4, REMAINDER 3);

-- case: CreatePartitionedTable
CREATE TABLE reading (id bigint, at date) PARTITION BY RANGE (at);

-- case: AttachOfATableToItselfFails
-- fails: 42P07
ALTER TABLE area ATTACH PARTITION area FOR VALUES IN ('fr');

-- case: AttachOfTheTableAboveFails
-- fails: 42P07
-- setup: CREATE TABLE area_at PARTITION OF area FOR VALUES IN ('at') PARTITION BY LIST (id);
ALTER TABLE area_at ATTACH PARTITION area FOR VALUES IN (1);

-- case: AttachOfAnHeirFails
-- fails: 42809
-- setup: CREATE TABLE plain (id integer, code text); CREATE TABLE heir () INHERITS (plain);
ALTER TABLE area ATTACH PARTITION heir FOR VALUES IN ('fr');

-- case: AttachUnderAForeignKeyLocksTheReferencedTable
-- setup: ALTER TABLE event ADD FOREIGN KEY (id) REFERENCES item;
ALTER TABLE event ATTACH PARTITION event_new FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

-- case: AttachOfATableThatHasTheForeignKeyAlready
-- setup: ALTER TABLE event ADD FOREIGN KEY (id) REFERENCES item; ALTER TABLE event_new ADD FOREIGN KEY (id) REFERENCES item;
ALTER TABLE event ATTACH PARTITION event_new FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

-- case: AttachOfPartitionsUnderAForeignKey
-- setup: CREATE TABLE event_late (id bigint NOT NULL, at date NOT NULL, kind text, size integer) PARTITION BY RANGE (at);
--    CREATE TABLE event_2030 PARTITION OF event_late FOR VALUES FROM ('2030-01-01') TO ('2031-01-01');
--    ALTER TABLE event ADD FOREIGN KEY (id) REFERENCES item;
ALTER TABLE event ATTACH PARTITION event_late FOR VALUES FROM ('2030-01-01') TO ('2035-01-01');

-- case: DetachFromATableWithForeignKey
-- setup: ALTER TABLE event ADD FOREIGN KEY (id) REFERENCES item;
ALTER TABLE event DETACH PARTITION event_2024;

-- case: DetachOfPartitionsUnderAForeignKey
-- setup: CREATE TABLE event_late PARTITION OF event FOR VALUES FROM ('2030-01-01') TO ('2035-01-01') PARTITION BY RANGE (at);
--    CREATE TABLE event_2030 PARTITION OF event_late FOR VALUES FROM ('2030-01-01') TO ('2031-01-01');
--    ALTER TABLE event ADD FOREIGN KEY (id) REFERENCES item;
ALTER TABLE event DETACH PARTITION event_late;

-- case: DetachOfPartitions
-- setup: CREATE TABLE event_late PARTITION OF event FOR VALUES FROM ('2030-01-01') TO ('2035-01-01') PARTITION BY RANGE (at);
--    CREATE TABLE event_2030 PARTITION OF event_late FOR VALUES FROM ('2030-01-01') TO ('2031-01-01');
ALTER TABLE event DETACH PARTITION event_late;

-- case: DropInheritedCheckFails
-- fails: 42P16
-- setup: ALTER TABLE parent ADD CONSTRAINT named CHECK (name <> '');
ALTER TABLE child DROP CONSTRAINT named;

-- case: RenameInheritedCheckFails
-- fails: 42P16
-- setup: ALTER TABLE parent ADD CONSTRAINT named CHECK (name <> '');
ALTER TABLE child RENAME CONSTRAINT named TO filled;

-- case: DropCheckOfOnlyTheParentLocksItsChildren
-- setup: ALTER TABLE parent ADD CONSTRAINT named CHECK (name <> '');
ALTER TABLE ONLY parent DROP CONSTRAINT named;

-- case: DropForeignKeyThatAnAttachedTreeShares
-- setup: CREATE TABLE event_late (id bigint NOT NULL, at date NOT NULL, kind text, size integer) PARTITION BY RANGE (at);
--    CREATE TABLE event_2030 PARTITION OF event_late FOR VALUES FROM ('2030-01-01') TO ('2031-01-01');
--    ALTER TABLE event ADD CONSTRAINT event_item FOREIGN KEY (id) REFERENCES item;
--    ALTER TABLE event ATTACH PARTITION event_late FOR VALUES FROM ('2030-01-01') TO ('2035-01-01');
ALTER TABLE event DROP CONSTRAINT event_item;

-- case: DropPartitionOfATableWithForeignKey
-- setup: ALTER TABLE event ADD FOREIGN KEY (id) REFERENCES item;
DROP TABLE event_2024;

-- case: CreateTemporaryTableThatInheritsLocksItsParent
CREATE TEMPORARY TABLE fresh () INHERITS (parent);

-- case: AttachScansThePartition
ALTER TABLE event ATTACH PARTITION event_new FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

-- case: AttachUnderAMatchingCheckScansNothing
ALTER TABLE event ATTACH PARTITION event_checked FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');

-- case: AttachWithItsIndexBuildsNone
-- setup: CREATE INDEX event_new_kind ON event_new (kind);
ALTER TABLE event ATTACH PARTITION event_new FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

-- case: AttachBesideADefaultPartitionScansIt
-- setup: CREATE TABLE area_it (id integer, code text);
ALTER TABLE area ATTACH PARTITION area_it FOR VALUES IN ('it');

-- case: AttachBesideADefaultPartitionWithCheckScansNothingOfIt
-- setup: CREATE TABLE area_it (id integer, code text, CHECK (code IS NOT NULL AND code = 'it'));
-- setup: ALTER TABLE area_rest ADD CHECK (code IS NOT NULL AND code <> 'it');
ALTER TABLE area ATTACH PARTITION area_it FOR VALUES IN ('it');

-- case: AttachRangeBesideADefaultPartitionWithCheckOnBothSidesScansNothingOfIt
-- setup: CREATE TABLE event_rest PARTITION OF event DEFAULT;
-- setup: ALTER TABLE event_rest ADD CHECK (at IS NOT NULL AND (at < '2026-01-01' OR at >= '2027-01-01'));
-- setup: ALTER TABLE event_new ADD CHECK (at IS NOT NULL AND at >= '2026-01-01' AND at < '2027-01-01');
ALTER TABLE event ATTACH PARTITION event_new FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

-- case: AttachDefaultPartition
ALTER TABLE event ATTACH PARTITION event_new DEFAULT;

-- case: DetachLocksBothStrongly
ALTER TABLE event DETACH PARTITION event_2024;

-- case: DetachBesideADefaultPartition
ALTER TABLE area DETACH PARTITION area_de;

-- case: DetachConcurrentlyWaitsForReaders
-- since: 14
-- blockers: event, event_2024
ALTER TABLE event DETACH PARTITION event_2024 CONCURRENTLY;

-- case: DetachWhatIsNoPartitionFails
-- fails: 42P01
ALTER TABLE event DETACH PARTITION event_new;

-- case: DropPartitionLocksTheParent
DROP TABLE event_2024;

-- case: DropPartitionedTableDropsItsPartitions
DROP TABLE event;

-- case: TruncatePartitionedTable
TRUNCATE event;

-- case: TruncateOnePartition
TRUNCATE event_2024;

-- case: AddColumnLocksEveryPartition
ALTER TABLE event ADD COLUMN note text;

-- case: AddColumnWithVolatileDefaultRewritesEveryPartition
ALTER TABLE event ADD COLUMN seen timestamptz DEFAULT clock_timestamp();

-- case: DropColumnOfAPartitionedTable
ALTER TABLE event DROP COLUMN size;

-- case: RenameColumnOfAPartitionedTable
ALTER TABLE event RENAME COLUMN size TO bytes;

-- case: TypeChangeRewritesEveryPartition
ALTER TABLE event ALTER COLUMN size TYPE bigint;

-- case: SetNotNullScansEveryPartition
ALTER TABLE event ALTER COLUMN kind SET NOT NULL;

-- case: SetDefaultLocksEveryPartition
ALTER TABLE event ALTER COLUMN kind SET DEFAULT 'x';

-- case: SetDefaultOnlyOfTheParent
ALTER TABLE ONLY event ALTER COLUMN kind SET DEFAULT 'x';

-- case: CheckScansEveryPartition
ALTER TABLE event ADD CONSTRAINT size_known CHECK (size > 0);

-- case: CheckNotValidOfAPartitionedTable
ALTER TABLE event ADD CONSTRAINT size_known CHECK (size > 0) NOT VALID;

-- case: ValidateCheckScansEveryPartition
-- setup: ALTER TABLE event ADD CONSTRAINT size_known CHECK (size > 0) NOT VALID;
ALTER TABLE event VALIDATE CONSTRAINT size_known;

-- case: ForeignKeyOfAPartitionedTableScansEveryPartition
ALTER TABLE event ADD CONSTRAINT event_item FOREIGN KEY (id) REFERENCES item;

-- case: ForeignKeyToAPartitionedTable
-- setup: CREATE TABLE other_note (id bigint PRIMARY KEY, bucket_id bigint);
ALTER TABLE other_note ADD CONSTRAINT other_bucket FOREIGN KEY (bucket_id) REFERENCES bucket;

-- case: DropForeignKeyToAPartitionedTable
ALTER TABLE bucket_note DROP CONSTRAINT bucket_note_bucket_id_fkey;

-- case: PrimaryKeyBuildsAnIndexOnEveryPartition
ALTER TABLE event ADD PRIMARY KEY (id, at);

-- case: UniqueBuildsAnIndexOnEveryPartition
ALTER TABLE event ADD UNIQUE (id, at);

-- case: IndexOfAPartitionedTableBuildsOnEveryPartition
CREATE INDEX event_size ON event (size);

-- case: IndexOnlyOfTheParentIsMetadata
CREATE INDEX event_size ON ONLY event (size);

-- case: ConcurrentIndexOfAPartitionedTableFails
-- fails: 0A000
CREATE INDEX CONCURRENTLY event_size ON event (size);

-- case: AttachIndexPartition
-- setup: CREATE INDEX event_size ON ONLY event (size);
-- setup: CREATE INDEX event_2024_size ON event_2024 (size);
ALTER INDEX event_size ATTACH PARTITION event_2024_size;

-- case: DropIndexOfAPartitionedTable
DROP INDEX event_kind;

-- case: DropIndexConcurrentlyOfAPartitionedTableFails
-- fails: 0A000
DROP INDEX CONCURRENTLY event_kind;

-- case: DropIndexOfAPartitionFails
-- fails: 2BP01
DROP INDEX event_2024_kind_idx;

-- case: IndexOfOnePartition
CREATE INDEX event_2024_size ON event_2024 (size);

-- case: AddColumnToAPartitionFails
-- fails: 42809
ALTER TABLE event_2024 ADD COLUMN note text;

-- case: RenamePartition
ALTER TABLE event_2024 RENAME TO event_old;

-- case: RenamePartitionedTable
ALTER TABLE event RENAME TO happening;

-- case: TriggerOnAPartitionedTable
-- setup: CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER event_touch AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION nothing();

-- case: OwnerOfAPartitionedTable
ALTER TABLE event OWNER TO app;

-- case: CreateChildLocksTheParent
CREATE TABLE second_child (more text) INHERITS (parent);

-- case: AddColumnLocksEveryChild
ALTER TABLE parent ADD COLUMN note text;

-- case: AddColumnOnlyToTheParentFails
-- fails: 42P16
ALTER TABLE ONLY parent ADD COLUMN note text;

-- case: CheckScansEveryChild
ALTER TABLE parent ADD CHECK (id > 0);

-- case: CheckNoInheritStaysWithTheParent
ALTER TABLE parent ADD CHECK (id > 0) NO INHERIT;

-- case: UniqueOfAParentIsItsOwn
ALTER TABLE parent ADD UNIQUE (id);

-- case: ForeignKeyOfAParentIsItsOwn
ALTER TABLE parent ADD FOREIGN KEY (id) REFERENCES item;

-- case: ForeignKeyNotValidOfAParentIsItsOwn
ALTER TABLE parent ADD FOREIGN KEY (id) REFERENCES item NOT VALID;

-- case: KeyFromAnIndexOfAParent
-- setup: CREATE UNIQUE INDEX parent_id ON parent (id);
ALTER TABLE parent ADD CONSTRAINT parent_key UNIQUE USING INDEX parent_id;

-- case: RenameColumnLocksEveryChild
ALTER TABLE parent RENAME COLUMN name TO title;

-- case: InheritScansNothing
ALTER TABLE stranger INHERIT parent;

-- case: InheritFromATableBelowFails
-- fails: 42P07
ALTER TABLE parent INHERIT grandchild;

-- case: NoInherit
ALTER TABLE child NO INHERIT parent;

-- case: DropParentNeedsCascade
-- fails: 2BP01
DROP TABLE parent;

-- case: DropParentWithCascade
DROP TABLE parent CASCADE;

-- case: TruncateParentTruncatesChildren
TRUNCATE parent;

-- case: TruncateOnlyTheParent
TRUNCATE ONLY parent;

-- case: IndexOfAParentStaysWithIt
CREATE INDEX parent_name ON parent (name);

-- case: SelectLocksEveryPartition
SELECT count(*) FROM event;

-- case: SelectOfAParentLocksEveryChild
SELECT count(*) FROM parent;

-- case: SelectOnlyTheParent
SELECT count(*) FROM ONLY parent;

-- case: UpdateLocksEveryPartition
UPDATE event SET size = 1;

-- case: DeleteOfAParentLocksEveryChild
DELETE FROM parent;

-- case: InsertIntoOnePartition
INSERT INTO event_2024 VALUES (1, '2024-06-01');

-- case: UpdateOfOnePartition
UPDATE event_2024 SET kind = 'x' WHERE id = 1;

-- case: DeleteFromOnePartition
DELETE FROM event_2024 WHERE id = 1;

-- case: AttachToATableThatRefersToItself
-- setup: CREATE TABLE tree (id bigint PRIMARY KEY, above bigint REFERENCES tree) PARTITION BY RANGE (id);
-- setup: CREATE TABLE tree_1 PARTITION OF tree FOR VALUES FROM (0) TO (9);
-- setup: CREATE TABLE tree_2 (id bigint NOT NULL, above bigint);
ALTER TABLE tree ATTACH PARTITION tree_2 FOR VALUES FROM (9) TO (99);

-- case: AttachWithAKeyOfItsOwnToATableThatRefersToItself
-- setup: CREATE TABLE tree (id bigint PRIMARY KEY, above bigint REFERENCES tree) PARTITION BY RANGE (id);
-- setup: CREATE TABLE tree_1 PARTITION OF tree FOR VALUES FROM (0) TO (9);
-- setup: CREATE TABLE tree_2 (id bigint PRIMARY KEY, above bigint REFERENCES tree);
ALTER TABLE tree ATTACH PARTITION tree_2 FOR VALUES FROM (9) TO (99);

-- case: NewPartitionOfATableThatRefersToItself
-- setup: CREATE TABLE tree (id bigint PRIMARY KEY, above bigint REFERENCES tree) PARTITION BY RANGE (id);
-- setup: CREATE TABLE tree_1 PARTITION OF tree FOR VALUES FROM (0) TO (9);
CREATE TABLE tree_2 PARTITION OF tree FOR VALUES FROM (9) TO (99);

-- case: DetachFromATableThatRefersToItself
-- setup: CREATE TABLE tree (id bigint PRIMARY KEY, above bigint REFERENCES tree) PARTITION BY RANGE (id);
-- setup: CREATE TABLE tree_1 PARTITION OF tree FOR VALUES FROM (0) TO (9);
-- setup: CREATE TABLE tree_2 PARTITION OF tree FOR VALUES FROM (9) TO (99);
ALTER TABLE tree DETACH PARTITION tree_2;

-- case: PartitionHasNoSequenceOfItsParentsNumbers
-- setup: ALTER TABLE event ADD COLUMN number bigserial;
DROP TABLE event_2024;

-- case: PartitionHasNoSequenceOfItsParentsIdentity
-- since: 17
-- setup: ALTER TABLE event ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;
DROP TABLE event_2024;

-- case: CopiedIndexDoesForAnIndexThatOtherPartitionsLack
-- setup: CREATE INDEX event_size ON ONLY event (size);
-- setup: CREATE TABLE event_copy (LIKE event INCLUDING ALL);
ALTER TABLE event ATTACH PARTITION event_copy FOR VALUES FROM ('2029-01-01') TO ('2030-01-01');

-- case: AttachListPartitionWithAListCheckScansTheDefaultAlone
-- setup: CREATE TABLE area_asia (id integer, code text NOT NULL, CHECK (code IN ('jp', 'cn')));
ALTER TABLE area ATTACH PARTITION area_asia FOR VALUES IN ('jp', 'cn');

-- case: AttachListPartitionWithAShorterListCheck
-- setup: CREATE TABLE area_asia (id integer, code text NOT NULL, CHECK (code IN ('jp')));
ALTER TABLE area ATTACH PARTITION area_asia FOR VALUES IN ('jp', 'cn');

-- case: AttachListPartitionWithAnArrayCheck
-- setup: CREATE TABLE area_asia (id integer, code text NOT NULL, CHECK (code = ANY (ARRAY['jp'::text, 'cn'::text])));
ALTER TABLE area ATTACH PARTITION area_asia FOR VALUES IN ('cn', 'jp', 'kr');

-- case: AttachListPartitionWithALongerListCheckScans
-- setup: CREATE TABLE area_asia (id integer, code text NOT NULL, CHECK (code IN ('jp', 'cn', 'kr')));
ALTER TABLE area ATTACH PARTITION area_asia FOR VALUES IN ('jp', 'cn');

-- case: AttachListPartitionThatMayBeNullScans
-- setup: CREATE TABLE area_asia (id integer, code text, CHECK (code IN ('jp', 'cn')));
ALTER TABLE area ATTACH PARTITION area_asia FOR VALUES IN ('jp', 'cn');

-- case: AttachListPartitionBesideADefaultThatExcludesItByAList
-- setup: ALTER TABLE area_rest ADD CHECK (code IS NOT NULL AND code NOT IN ('jp', 'cn', 'kr'));
-- setup: CREATE TABLE area_asia (id integer, code text NOT NULL, CHECK (code IN ('jp', 'cn')));
ALTER TABLE area ATTACH PARTITION area_asia FOR VALUES IN ('jp', 'cn');

-- case: CreateListPartitionBesideADefaultOfAnotherList
-- setup: ALTER TABLE area_rest ADD CHECK (code IS NOT NULL AND code IN ('us', 'ca'));
CREATE TABLE area_jp PARTITION OF area FOR VALUES IN ('jp', 'cn');

-- case: CreateListPartitionBesideADefaultOfAnotherListThatMayBeNull
-- setup: ALTER TABLE area_rest ADD CHECK (code IN ('us', 'ca'));
CREATE TABLE area_jp PARTITION OF area FOR VALUES IN ('jp', 'cn');

-- case: HeirOfASerialTableTakesItsParentsNumbers
-- setup: CREATE TABLE animal (id serial PRIMARY KEY, name text);
-- setup: CREATE TABLE dog (breed text) INHERITS (animal);
INSERT INTO dog (name) VALUES ('rex');

-- case: DropOfAnHeirOfASerialTable
-- setup: CREATE TABLE animal (id serial PRIMARY KEY, name text);
-- setup: CREATE TABLE dog (breed text) INHERITS (animal);
DROP TABLE dog;

-- case: TruncateOfAPartitionOfASerialTableRestartsNothing
-- setup: CREATE TABLE log (id bigserial, at date) PARTITION BY RANGE (at);
-- setup: CREATE TABLE log_2025 PARTITION OF log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
TRUNCATE log_2025 RESTART IDENTITY;

-- case: HeirOfAnIdentityTableHasNoNumbers
-- setup: CREATE TABLE animal (id integer GENERATED BY DEFAULT AS IDENTITY, name text);
-- setup: CREATE TABLE dog (breed text) INHERITS (animal);
INSERT INTO dog (id, name) VALUES (1, 'rex');

-- case: DropOfAnHeirOfAnIdentityTable
-- setup: CREATE TABLE animal (id integer GENERATED BY DEFAULT AS IDENTITY, name text);
-- setup: CREATE TABLE dog (breed text) INHERITS (animal);
DROP TABLE dog;

-- case: AttachDefaultPartitionWithAListCheckScansNothing
-- setup: DROP TABLE area_rest;
-- setup: CREATE TABLE area_asia (id integer, code text NOT NULL, CHECK (code IN ('jp', 'cn')));
ALTER TABLE area ATTACH PARTITION area_asia DEFAULT;

-- case: AttachDefaultPartitionThatMayBeNull
-- setup: DROP TABLE area_rest;
-- setup: CREATE TABLE area_asia (id integer, code text, CHECK (code IN ('jp', 'cn')));
ALTER TABLE area ATTACH PARTITION area_asia DEFAULT;

-- case: AttachDefaultPartitionThatMayHoldOthersScans
-- setup: DROP TABLE area_rest;
-- setup: CREATE TABLE area_asia (id integer, code text NOT NULL, CHECK (code IN ('jp', 'de')));
ALTER TABLE area ATTACH PARTITION area_asia DEFAULT;

-- case: AttachDefaultPartitionOutsideAllRanges
-- setup: CREATE TABLE event_late (id bigint NOT NULL, at date NOT NULL, kind text, size integer, CHECK (at >= '2026-01-01'));
ALTER TABLE event ATTACH PARTITION event_late DEFAULT;

-- case: PartitionWhosePartitionsTheParentsKeyCannotTellApartFails
-- setup: CREATE TABLE log (id bigint, at date, kind text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
-- fails: 0A000
CREATE TABLE log_2025 PARTITION OF log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (kind);

-- case: PartitionWithPartitionsByAKeyColumn
-- setup: CREATE TABLE log (id bigint, at date, kind text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE log_2025 PARTITION OF log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY HASH (id);
