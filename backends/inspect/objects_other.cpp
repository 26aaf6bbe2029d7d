#include "backends/inspect/catalogue_sql.h"
#include "backends/inspect/objects.h"

namespace midflight::backends {
namespace {

constexpr std::string_view kTypes = R"sql(
SELECT 't' || t.oid, format_type(t.oid, NULL),
  CASE t.typtype
    WHEN 'e' THEN 'CREATE TYPE ' || format_type(t.oid, NULL) || ' AS ENUM ('
      || coalesce((SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid), '') || ')'
    WHEN 'c' THEN 'CREATE TYPE ' || format_type(t.oid, NULL) || ' AS ('
      || coalesce((SELECT string_agg(quote_ident(attname) || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum)
                   FROM pg_attribute WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped), '') || ')'
    WHEN 'r' THEN 'CREATE TYPE ' || format_type(t.oid, NULL) || ' AS RANGE (SUBTYPE = ' || format_type(r.rngsubtype, NULL)
      || CASE WHEN r.rngsubdiff <> 0 THEN ', SUBTYPE_DIFF = ' || r.rngsubdiff::regproc ELSE '' END || ')'
    WHEN 'd' THEN 'CREATE DOMAIN ' || format_type(t.oid, NULL) || ' AS ' || format_type(t.typbasetype, t.typtypmod)
      || coalesce(' COLLATE ' || quote_ident(cn.nspname) || '.' || quote_ident(co.collname), '')
      || coalesce(' DEFAULT ' || t.typdefault, '') || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
      || coalesce((SELECT string_agg(' CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(k.oid), '' ORDER BY conname)
                   FROM pg_constraint k WHERE contypid = t.oid AND contype = 'c' AND convalidated), '')
  END
FROM pg_type t JOIN ours ON ours.oid = t.typnamespace
LEFT JOIN pg_range r ON r.rngtypid = t.oid
LEFT JOIN pg_type base ON base.oid = t.typbasetype
LEFT JOIN pg_collation co ON co.oid = t.typcollation AND t.typcollation <> base.typcollation
LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
WHERE (t.typtype IN ('e', 'd', 'r') OR EXISTS (SELECT FROM pg_class WHERE oid = t.typrelid AND relkind = 'c'))
  AND NOT EXISTS (SELECT FROM guests WHERE classid = 'pg_type'::regclass AND objid = t.oid)
ORDER BY 2)sql";

// Asked for are those behind triggers and index expressions; others only come
// along with a table, type or view that uses them.
constexpr std::string_view kFunctions = R"sql(
SELECT 'f' || p.oid, p.oid::regprocedure::text, rtrim(pg_get_functiondef(p.oid), E'\n '),
       EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid AND d.deptype = 'n'
               AND d.classid IN ('pg_trigger'::regclass, 'pg_class'::regclass))
FROM pg_proc p JOIN ours ON ours.oid = p.pronamespace
WHERE p.prokind IN ('f', 'p', 'w')
  AND NOT EXISTS (SELECT FROM guests WHERE classid = 'pg_proc'::regclass AND objid = p.oid)
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'i')
ORDER BY 2)sql";

std::string sequences() {
  return "SELECT 'r' || c.oid, c.oid::regclass::text, 'CREATE SEQUENCE ' || c.oid::regclass || " + sequence_options(true) + R"sql(
FROM pg_class c JOIN ours ON ours.oid = c.relnamespace JOIN pg_sequence s ON s.seqrelid = c.oid
WHERE c.relpersistence <> 't'
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype IN ('i', 'e'))
ORDER BY 2)sql";
}

constexpr std::string_view kViews = R"sql(
SELECT 'r' || c.oid, c.oid::regclass::text,
       'CREATE ' || CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW ' ELSE 'VIEW ' END || c.oid::regclass
       || coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', '') || E' AS\n'
       || rtrim(pg_get_viewdef(c.oid, true), E';\n ')
       || CASE WHEN c.relkind = 'm' AND NOT c.relispopulated THEN E'\nWITH NO DATA' ELSE '' END
FROM pg_class c JOIN ours ON ours.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't'
  AND NOT EXISTS (SELECT FROM guests WHERE classid = 'pg_class'::regclass AND objid = c.oid)
ORDER BY 2)sql";

std::vector<SchemaObject> objects(PostgresConnection& session, std::string_view select) {
  std::vector<SchemaObject> found;
  for (const TextRow& row : session.query(catalogue_query(select))) {
    found.push_back({*row[0], *row[1], *row[2], row.size() < 4 || row[3] == "t"});
  }
  return found;
}

}  // namespace

std::vector<SchemaObject> types_of(PostgresConnection& session) { return objects(session, kTypes); }
std::vector<SchemaObject> functions_of(PostgresConnection& session) { return objects(session, kFunctions); }
std::vector<SchemaObject> sequences_of(PostgresConnection& session) { return objects(session, sequences()); }
std::vector<SchemaObject> views_of(PostgresConnection& session) { return objects(session, kViews); }

}  // namespace midflight::backends
