#include "backends/inspect/objects.h"

#include <algorithm>
#include <map>
#include <set>

#include "backends/inspect/catalogue_sql.h"

namespace midflight::backends {
namespace {

// Who a dependency belongs to: a default to its table, a rewrite rule to its
// view, an array type to its element.  Foreign keys come after all tables, and
// a sequence is told its owner later, so both are left out here.
constexpr std::string_view kNeeds = R"sql(
, bases AS (
  SELECT t.oid, coalesce(e.oid, r.rngtypid, t.oid) AS base
  FROM pg_type t
  LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
  LEFT JOIN pg_range r ON to_jsonb(r)->>'rngmultitypid' = t.oid::text
), nodes AS (
  SELECT 'pg_class'::regclass::oid AS classid, oid AS objid, CASE relkind WHEN 'c' THEN 't' || reltype ELSE 'r' || oid END AS key
  FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'c')
  UNION ALL
  SELECT 'pg_type'::regclass, b.oid, CASE WHEN c.relkind IS NULL OR c.relkind = 'c' THEN 't' || t.oid ELSE 'r' || c.oid END
  FROM bases b JOIN pg_type t ON t.oid = b.base LEFT JOIN pg_class c ON c.oid = t.typrelid
  UNION ALL SELECT 'pg_proc'::regclass, oid, 'f' || oid FROM pg_proc
  UNION ALL SELECT 'pg_attrdef'::regclass, oid, 'r' || adrelid FROM pg_attrdef
  UNION ALL SELECT 'pg_rewrite'::regclass, oid, 'r' || ev_class FROM pg_rewrite WHERE rulename = '_RETURN'
  UNION ALL SELECT 'pg_constraint'::regclass, oid, CASE contypid WHEN 0 THEN 'r' || conrelid ELSE 't' || contypid END
  FROM pg_constraint WHERE contype NOT IN ('f', 't')
)
SELECT DISTINCT s.key, o.key
FROM pg_depend d
JOIN nodes s ON s.classid = d.classid AND s.objid = d.objid
JOIN nodes o ON o.classid = d.refclassid AND o.objid = d.refobjid
WHERE s.key <> o.key AND d.deptype <> 'e' AND d.refobjid >= 16384
  AND NOT (d.classid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class WHERE oid = d.objid AND relkind = 'S'))
ORDER BY 1, 2)sql";

/// Depth first, so that what is needed stands right before who needs it.
class Ordering {
 public:
  explicit Ordering(std::vector<SchemaObject> objects) : objects_(std::move(objects)) {
    for (std::size_t i = 0; i < objects_.size(); ++i) place_[objects_[i].key] = i;
  }

  void needs(const std::string& who, const std::string& what) {
    if (const auto at = place_.find(what); at != place_.end()) needed_[who].insert(at->second);
  }

  std::vector<SchemaObject> take() {
    for (std::size_t i = 0; i < objects_.size(); ++i) {
      if (objects_[i].asked) visit(i);
    }
    return std::move(ordered_);
  }

 private:
  // A cycle is cut where it closes; the server has none among these but by later ALTERs.
  void visit(std::size_t i) {
    if (!seen_.insert(i).second) return;
    for (const std::size_t first : needed_[objects_[i].key]) visit(first);
    ordered_.push_back(objects_[i]);
  }

  std::vector<SchemaObject> objects_, ordered_;
  std::map<std::string, std::size_t> place_;
  std::map<std::string, std::set<std::size_t>> needed_;
  std::set<std::size_t> seen_;
};

}  // namespace

std::vector<SchemaObject> objects_in_order(PostgresConnection& session) {
  std::vector<SchemaObject> all;
  for (const auto kind : {types_of, functions_of, sequences_of, tables_of, views_of}) {
    for (SchemaObject& object : kind(session)) all.push_back(std::move(object));
  }
  Ordering ordering(std::move(all));
  for (const TextRow& row : session.query(catalogue_query(kNeeds))) ordering.needs(*row[0], *row[1]);
  return ordering.take();
}

}  // namespace midflight::backends
