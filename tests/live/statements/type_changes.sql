-- ALTER TABLE ... ALTER COLUMN ... TYPE: which ones rewrite, what they rebuild.

CREATE TABLE item (
  id integer PRIMARY KEY,
  code varchar(20),
  label text,
  fixed char(5),
  price numeric(10,2),
  weight real,
  small smallint,
  made timestamp,
  seen timestamptz,
  day date,
  doc json,
  docb jsonb,
  bits bit varying(8),
  span interval,
  moment timestamp(3),
  flag boolean,
  address inet,
  network cidr,
  raw xml
);
CREATE INDEX item_code ON item (code);
CREATE INDEX item_label ON item (label);
CREATE INDEX item_price ON item (price);
CREATE TABLE part (id integer PRIMARY KEY, item_id integer REFERENCES item, note varchar(10));
CREATE TABLE checked (id integer, code varchar(20) CHECK (code <> ''), label varchar(5));
CREATE DOMAIN tiny AS varchar(10);
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);

-- case: LongerVarcharIsMetadata
ALTER TABLE item ALTER COLUMN code TYPE varchar(40);

-- case: ShorterVarcharRewrites
ALTER TABLE item ALTER COLUMN code TYPE varchar(10);

-- case: VarcharWithoutLengthIsMetadata
ALTER TABLE item ALTER COLUMN code TYPE varchar;

-- case: VarcharToTextIsMetadata
ALTER TABLE item ALTER COLUMN code TYPE text;

-- case: TextToVarcharWithoutLengthIsMetadata
ALTER TABLE item ALTER COLUMN label TYPE varchar;

-- case: TextToVarcharWithLengthRewrites
ALTER TABLE item ALTER COLUMN label TYPE varchar(50);

-- case: SameTypeIsMetadata
ALTER TABLE item ALTER COLUMN label TYPE text;

-- case: CharToTextRewrites
ALTER TABLE item ALTER COLUMN fixed TYPE text;

-- case: LongerCharRewrites
ALTER TABLE item ALTER COLUMN fixed TYPE char(10);

-- case: CharToVarcharRewrites
ALTER TABLE item ALTER COLUMN fixed TYPE varchar(5);

-- case: NumericMorePrecisionIsMetadata
ALTER TABLE item ALTER COLUMN price TYPE numeric(12,2);

-- case: NumericOtherScaleRewrites
ALTER TABLE item ALTER COLUMN price TYPE numeric(12,3);

-- case: NumericLessPrecisionRewrites
ALTER TABLE item ALTER COLUMN price TYPE numeric(8,2);

-- case: NumericWithoutPrecisionIsMetadata
ALTER TABLE item ALTER COLUMN price TYPE numeric;

-- case: NumericToIntegerRewrites
ALTER TABLE item ALTER COLUMN price TYPE integer;

-- case: IntegerToBigintRewrites
ALTER TABLE item ALTER COLUMN small TYPE bigint;

-- case: PrimaryKeyToBigintRewrites
ALTER TABLE part ALTER COLUMN id TYPE bigint;

-- case: ReferencedKeyToBigintLocksTheReferencingTable
ALTER TABLE item ALTER COLUMN id TYPE bigint;

-- case: ReferencingColumnToBigintLocksTheReferencedTable
ALTER TABLE part ALTER COLUMN item_id TYPE bigint;

-- case: RealToDoubleRewrites
ALTER TABLE item ALTER COLUMN weight TYPE double precision;

-- case: TimestampToTimestamptzRewritesOutsideUtc
ALTER TABLE item ALTER COLUMN made TYPE timestamptz;

-- case: TimestampToTimestamptzWithUsingRewrites
ALTER TABLE item ALTER COLUMN made TYPE timestamptz USING made AT TIME ZONE 'UTC';

-- case: TimestampPrecisionUpIsMetadata
ALTER TABLE item ALTER COLUMN moment TYPE timestamp(6);

-- case: TimestampPrecisionDownRewrites
ALTER TABLE item ALTER COLUMN moment TYPE timestamp(0);

-- case: DateToTimestampRewrites
ALTER TABLE item ALTER COLUMN day TYPE timestamp;

-- case: JsonToJsonbRewrites
ALTER TABLE item ALTER COLUMN doc TYPE jsonb;

-- case: JsonbToJsonRewrites
ALTER TABLE item ALTER COLUMN docb TYPE json;

-- case: JsonToTextIsARewrite
ALTER TABLE item ALTER COLUMN doc TYPE text;

-- case: LongerBitVaryingIsMetadata
ALTER TABLE item ALTER COLUMN bits TYPE bit varying(16);

-- case: IntervalPrecision
ALTER TABLE item ALTER COLUMN span TYPE interval(3);

-- case: CidrToInetIsMetadata
ALTER TABLE item ALTER COLUMN network TYPE inet;

-- case: InetToCidrRewrites
ALTER TABLE item ALTER COLUMN address TYPE cidr;

-- case: BooleanToIntegerWithUsing
ALTER TABLE item ALTER COLUMN flag TYPE integer USING flag::integer;

-- case: UsingThePlainColumnIsMetadata
ALTER TABLE item ALTER COLUMN code TYPE text USING code;

-- case: UsingACastOfTheColumnIsMetadata
ALTER TABLE item ALTER COLUMN code TYPE text USING code::text;

-- case: UsingAnExpressionRewrites
ALTER TABLE item ALTER COLUMN label TYPE text USING upper(label);

-- case: CollationChangeRebuildsTheIndex
ALTER TABLE item ALTER COLUMN label TYPE text COLLATE "C";

-- case: TypeChangeUnderACheckScans
ALTER TABLE checked ALTER COLUMN code TYPE varchar(30);

-- case: TypeChangeBesideACheckScansNothing
ALTER TABLE checked ALTER COLUMN label TYPE varchar(30);

-- case: TypeChangeToADomainWithoutConstraint
ALTER TABLE checked ALTER COLUMN label TYPE tiny;

-- case: TypeChangeToADomainWithConstraintRewrites
ALTER TABLE checked ALTER COLUMN id TYPE positive;

-- case: TypeChangeUnderAViewFails
-- setup: CREATE VIEW codes AS SELECT code FROM item;
-- fails: 0A000
ALTER TABLE item ALTER COLUMN code TYPE text;

-- case: TypeChangeWithoutCastFails
-- fails: 42804
ALTER TABLE item ALTER COLUMN label TYPE integer;

-- case: NumberToBooleanWithoutUsingFails
-- fails: 42804
ALTER TABLE item ALTER COLUMN small TYPE boolean;

-- case: NumberToDateWithoutUsingFails
-- fails: 42804
ALTER TABLE item ALTER COLUMN small TYPE timestamp with time zone;

-- case: TextToJsonWithoutUsingFails
-- fails: 42804
ALTER TABLE item ALTER COLUMN label TYPE jsonb;

-- case: TextToUuidWithoutUsingFails
-- fails: 42804
ALTER TABLE item ALTER COLUMN label TYPE uuid;

-- case: TypeChangeWithDefaultsInOneStatement
ALTER TABLE item ALTER COLUMN small DROP DEFAULT, ALTER COLUMN small TYPE integer, ALTER COLUMN small SET DEFAULT 0;

-- case: TwoTypeChangesRewriteOnce
ALTER TABLE item ALTER COLUMN small TYPE integer, ALTER COLUMN weight TYPE double precision;

-- case: TypeChangeOfAStatisticsObjectsColumn
-- setup: CREATE STATISTICS item_stats ON code, label FROM item;
ALTER TABLE item ALTER COLUMN code TYPE text;

-- case: TypeChangeUnderAnExpressionIndex
-- setup: CREATE INDEX item_lower ON item (lower(code));
ALTER TABLE item ALTER COLUMN code TYPE text;

-- case: TypeChangeUnderAPartialIndex
-- setup: CREATE INDEX item_some ON item (id) WHERE code <> '';
ALTER TABLE item ALTER COLUMN code TYPE varchar(50);

-- case: SerialToBigintKeepsItsSequence
-- setup: CREATE TABLE numbered (id serial PRIMARY KEY);
ALTER TABLE numbered ALTER COLUMN id TYPE bigint;

-- case: IdentityToBigintLocksItsSequence
-- setup: CREATE TABLE numbered (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
ALTER TABLE numbered ALTER COLUMN id TYPE bigint;

-- case: DomainToItsBaseTypeWithALengthRewrites
-- setup: ALTER TABLE checked ADD COLUMN tag tiny;
ALTER TABLE checked ALTER COLUMN tag TYPE varchar(10);

-- case: DomainToItsBaseTypeWithoutALengthIsMetadata
-- setup: ALTER TABLE checked ADD COLUMN tag tiny;
ALTER TABLE checked ALTER COLUMN tag TYPE varchar;

-- case: DomainToTheSameDomainIsMetadata
-- setup: ALTER TABLE checked ADD COLUMN tag tiny;
ALTER TABLE checked ALTER COLUMN tag TYPE tiny;

-- case: DomainOfPriceToItsNumericRewrites
-- setup: CREATE DOMAIN price AS numeric(12,2) CHECK (VALUE >= 0);
-- setup: ALTER TABLE checked ADD COLUMN cost price;
ALTER TABLE checked ALTER COLUMN cost TYPE numeric(12,2);

-- case: DomainOfPriceToPlainNumericIsMetadata
-- setup: CREATE DOMAIN price AS numeric(12,2) CHECK (VALUE >= 0);
-- setup: ALTER TABLE checked ADD COLUMN cost price;
ALTER TABLE checked ALTER COLUMN cost TYPE numeric;

-- case: DomainWithoutLengthToItsBaseTypeIsMetadata
-- setup: ALTER TABLE checked ADD COLUMN size positive;
ALTER TABLE checked ALTER COLUMN size TYPE integer;

-- case: SameTypeByAnExpressionRewrites
ALTER TABLE item ALTER COLUMN label TYPE text USING upper(label);
