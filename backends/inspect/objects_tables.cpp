#include "backends/inspect/catalogue_sql.h"
#include "backends/inspect/objects.h"

namespace midflight::backends {
namespace {

// One line for each column: "name type COLLATE .. DEFAULT .. NOT NULL".  An
// inherited column is its parent's affair, but a partition is made whole and
// attached later.
std::string column_lines() {
  return R"sql(
SELECT 0 AS part, a.attnum AS place, '' AS name,
       quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
       || coalesce(' COLLATE ' || quote_ident(cn.nspname) || '.' || quote_ident(co.collname), '')
       || CASE WHEN a.attgenerated <> '' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ')'
                 || CASE a.attgenerated WHEN 's' THEN ' STORED' ELSE ' VIRTUAL' END
               WHEN a.attidentity <> '' THEN ' GENERATED ' || CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END
                 || ' AS IDENTITY' || coalesce(' (' || nullif(ltrim(i.options), '') || ')', '')
               WHEN d.adbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
               ELSE '' END
       || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END AS line
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_collation co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN LATERAL (
  SELECT )sql" + sequence_options(false) + R"sql( AS options
  FROM pg_depend o JOIN pg_sequence s ON s.seqrelid = o.objid
  WHERE o.classid = 'pg_class'::regclass AND o.refobjid = a.attrelid AND o.refobjsubid = a.attnum AND o.deptype = 'i') i ON true
WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND (a.attislocal OR c.relispartition))sql";
}

constexpr std::string_view kConstraintLines = R"sql(
SELECT 1, position(k.contype::text IN 'puxc'), k.conname, 'CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid)
FROM pg_constraint k
WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u', 'x', 'c') AND k.convalidated AND (k.conislocal OR c.relispartition))sql";

constexpr std::string_view kTables = R"sql(
SELECT 'r' || c.oid, c.oid::regclass::text,
       'CREATE ' || CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END || 'TABLE ' || c.oid::regclass || ' ('
       || coalesce((SELECT string_agg(E'\n    ' || line, ',' ORDER BY part, place, name) FROM (%1) AS lines) || E'\n', '') || ')'
       || CASE WHEN c.relispartition THEN '' ELSE coalesce(
            (SELECT E'\nINHERITS (' || string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno) || ')'
             FROM pg_inherits WHERE inhrelid = c.oid), '') END
       || CASE c.relkind WHEN 'p' THEN E'\nPARTITION BY ' || pg_get_partkeydef(c.oid) ELSE '' END
       || coalesce(E'\nWITH (' || array_to_string(c.reloptions, ', ') || ')', '')
FROM pg_class c JOIN ours ON ours.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
  AND NOT EXISTS (SELECT FROM guests WHERE classid = 'pg_class'::regclass AND objid = c.oid)
ORDER BY 2)sql";

}  // namespace

std::vector<SchemaObject> tables_of(PostgresConnection& session) {
  std::string select(kTables);
  const std::string lines = column_lines() + "\nUNION ALL" + std::string(kConstraintLines);
  select.replace(select.find("%1"), 2, lines);
  std::vector<SchemaObject> tables;
  for (const TextRow& row : session.query(catalogue_query(select))) tables.push_back({*row[0], *row[1], *row[2]});
  return tables;
}

}  // namespace midflight::backends
