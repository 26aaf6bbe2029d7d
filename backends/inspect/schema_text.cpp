#include "backends/inspect/schema_text.h"

#include <array>

#include "backends/inspect/catalogue_sql.h"
#include "backends/inspect/objects.h"

namespace midflight::backends {
namespace {

constexpr std::string_view kExtensions = R"sql(
SELECT 'CREATE EXTENSION IF NOT EXISTS ' || quote_ident(extname)
       || CASE WHEN nspname IN ('public', 'pg_catalog') THEN '' ELSE ' WITH SCHEMA ' || quote_ident(nspname) END
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname <> 'plpgsql' ORDER BY extname)sql";

constexpr std::string_view kSchemas = R"sql(
SELECT 'CREATE SCHEMA ' || quote_ident(nspname) FROM ours WHERE nspname <> 'public' ORDER BY nspname)sql";

constexpr std::string_view kOwnedSequences = R"sql(
SELECT format('ALTER SEQUENCE %s OWNED BY %s.%I', c.oid::regclass, d.refobjid::regclass, a.attname)
FROM pg_class c JOIN ours ON ours.oid = c.relnamespace
JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'a' AND d.refobjsubid > 0
JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE c.relkind = 'S' AND c.relpersistence <> 't' ORDER BY c.oid::regclass::text)sql";

// Before partitions are attached: a partitioned index takes what is there, and
// makes none with a name of its own.  Invalid ones are not worth making again.
constexpr std::string_view kIndexes = R"sql(
SELECT pg_get_indexdef(i.indexrelid, 0, true)
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid JOIN ours ON ours.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND i.indislive AND (i.indisvalid OR x.relkind = 'I')
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u', 'x'))
  AND NOT EXISTS (SELECT FROM guests WHERE classid = 'pg_class'::regclass AND objid IN (c.oid, x.oid))
ORDER BY c.oid::regclass::text, x.relname)sql";

constexpr std::string_view kPartitions = R"sql(
SELECT format('ALTER TABLE ONLY %s ATTACH PARTITION %s %s', h.inhparent::regclass, c.oid::regclass, pg_get_expr(c.relpartbound, c.oid))
FROM pg_class c JOIN ours ON ours.oid = c.relnamespace JOIN pg_inherits h ON h.inhrelid = c.oid
WHERE c.relispartition AND c.relkind IN ('r', 'p')
ORDER BY h.inhparent::regclass::text, c.oid::regclass::text)sql";

// Checks and foreign keys of old that were never validated are late as well.
constexpr std::string_view kLateConstraints = R"sql(
SELECT format('ALTER TABLE %s%s ADD CONSTRAINT %I %s', CASE c.relkind WHEN 'p' THEN '' ELSE 'ONLY ' END, c.oid::regclass, k.conname,
              pg_get_constraintdef(k.oid))
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN ours ON ours.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND k.conparentid = 0 AND k.conislocal
  AND (k.contype = 'f' OR (k.contype = 'c' AND NOT k.convalidated))
  AND NOT EXISTS (SELECT FROM guests WHERE classid = 'pg_class'::regclass AND objid = c.oid)
ORDER BY c.oid::regclass::text, k.conname)sql";

constexpr std::string_view kLateDomainChecks = R"sql(
SELECT format('ALTER DOMAIN %s ADD CONSTRAINT %I %s', format_type(t.oid, NULL), k.conname, pg_get_constraintdef(k.oid))
FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid JOIN ours ON ours.oid = t.typnamespace
WHERE k.contype = 'c' AND NOT k.convalidated ORDER BY 1)sql";

constexpr std::string_view kRules = R"sql(
SELECT rtrim(pg_get_ruledef(r.oid, true), ';')
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN ours ON ours.oid = c.relnamespace
WHERE r.rulename <> '_RETURN' AND NOT EXISTS (SELECT FROM guests WHERE classid = 'pg_class'::regclass AND objid = c.oid)
ORDER BY c.oid::regclass::text, r.rulename)sql";

// A partition's triggers come with its parent's; to_jsonb, because version 12 has no tgparentid.
constexpr std::string_view kTriggers = R"sql(
SELECT pg_get_triggerdef(t.oid, true)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN ours ON ours.oid = c.relnamespace
WHERE NOT t.tgisinternal AND coalesce(to_jsonb(t)->>'tgparentid', '0') = '0'
  AND NOT EXISTS (SELECT FROM guests WHERE classid = 'pg_class'::regclass AND objid = c.oid)
ORDER BY c.oid::regclass::text, t.tgname)sql";

constexpr std::string_view kStatistics = R"sql(
SELECT pg_get_statisticsobjdef(s.oid) FROM pg_statistic_ext s JOIN ours ON ours.oid = s.stxnamespace ORDER BY 1)sql";

constexpr std::string_view kUnshown = R"sql(
SELECT count(*), what FROM (
  SELECT 'foreign tables' AS what FROM pg_class c JOIN ours ON ours.oid = c.relnamespace WHERE c.relkind = 'f'
  UNION ALL SELECT 'row security policies' FROM pg_policy
  UNION ALL SELECT 'event triggers' FROM pg_event_trigger
  UNION ALL SELECT 'invalid indexes' FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN ours ON ours.oid = c.relnamespace
            WHERE NOT i.indisvalid AND c.relkind = 'i'
  UNION ALL SELECT 'aggregates' FROM pg_proc p JOIN ours ON ours.oid = p.pronamespace WHERE p.prokind = 'a'
            AND NOT EXISTS (SELECT FROM guests WHERE classid = 'pg_proc'::regclass AND objid = p.oid)
  UNION ALL SELECT 'collations' FROM pg_collation k JOIN ours ON ours.oid = k.collnamespace
  UNION ALL SELECT 'operators' FROM pg_operator o JOIN ours ON ours.oid = o.oprnamespace
            WHERE NOT EXISTS (SELECT FROM guests WHERE classid = 'pg_operator'::regclass AND objid = o.oid)
) AS unshown GROUP BY what ORDER BY what)sql";

void add(std::string& text, const std::string& statement) { text += statement + ";\n"; }

void add_all(std::string& text, PostgresConnection& session, std::string_view select) {
  const auto rows = session.query(catalogue_query(select));
  if (!rows.empty() && !text.empty()) text += '\n';
  for (const TextRow& row : rows) add(text, *row[0]);
}

void add_objects(std::string& text, PostgresConnection& session) {
  bool has_function = false;
  std::string objects;
  for (const SchemaObject& object : objects_in_order(session)) {
    objects += objects.empty() ? "" : "\n";
    add(objects, object.ddl);
    has_function = has_function || object.key.front() == 'f';
  }
  if (!text.empty()) text += '\n';
  if (has_function) text += "SET check_function_bodies = off;\n\n";  // their bodies may name what comes later
  text += objects;
}

}  // namespace

std::string schema_text(PostgresConnection& session) {
  std::string text;
  for (const std::string_view part : {kSchemas, kExtensions}) add_all(text, session, part);
  add_objects(text, session);
  for (const std::string_view part : {kOwnedSequences, kIndexes, kPartitions, kLateConstraints, kLateDomainChecks, kRules, kTriggers,
                                      kStatistics}) {
    add_all(text, session, part);
  }
  return text;
}

std::vector<std::string> unshown_objects(PostgresConnection& session) {
  std::vector<std::string> unshown;
  for (const TextRow& row : session.query(catalogue_query(kUnshown))) unshown.push_back(*row[0] + " " + *row[1]);
  return unshown;
}

}  // namespace midflight::backends
