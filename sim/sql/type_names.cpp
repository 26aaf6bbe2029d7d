#include "sim/sql/type_names.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "sim/sql/tree.h"

namespace midflight::sql {
namespace {

/// As the catalog names them, then other spellings that people use.
constexpr const char* kBuiltIn[] = {
    "aclitem", "bit", "bool", "box", "bpchar", "bytea", "char", "cid", "cidr", "circle", "date", "datemultirange",
    "daterange", "float4", "float8", "inet", "int2", "int2vector", "int4", "int4multirange", "int4range", "int8",
    "int8multirange", "int8range", "interval", "json", "jsonb", "jsonpath", "line", "lseg", "macaddr", "macaddr8", "money",
    "name", "numeric", "nummultirange", "numrange", "oid", "oidvector", "path", "pg_lsn", "pg_snapshot", "point",
    "polygon", "refcursor", "regclass", "regcollation", "regconfig", "regdictionary", "regnamespace", "regoper",
    "regoperator", "regproc", "regprocedure", "regrole", "regtype", "text", "tid", "time", "timestamp", "timestamptz",
    "timetz", "tsmultirange", "tsquery", "tsrange", "tstzmultirange", "tstzrange", "tsvector", "txid_snapshot", "uuid",
    "varbit", "varchar", "xid", "xid8", "xml",
    "bigint", "bigserial", "boolean", "decimal", "integer", "int", "real", "serial", "serial2", "serial4", "serial8",
    "smallint", "smallserial"};

using Words = std::vector<std::string>;

/// Extensions by name, with the types they bring.
const std::map<std::string, Words>& extensions() {
  static const std::map<std::string, Words> known = {
      {"citext", {"citext"}}, {"hstore", {"hstore"}}, {"ltree", {"ltree", "lquery", "ltxtquery"}}, {"cube", {"cube"}},
      {"seg", {"seg"}}, {"intarray", {"query_int"}}, {"vector", {"vector", "halfvec", "sparsevec"}},
      {"isn", {"ean13", "isbn13", "ismn13", "issn13", "isbn", "ismn", "issn", "upc"}}, {"pg_trgm", {"gtrgm"}},
      {"postgis", {"geometry", "geography", "box2d", "box3d", "geometry_dump", "valid_detail"}}, {"lo", {"lo"}},
      {"uuid-ossp", {}}, {"pgcrypto", {}}, {"plpgsql", {}}, {"btree_gin", {}}, {"btree_gist", {}}, {"unaccent", {}},
      {"pg_stat_statements", {}}, {"fuzzystrmatch", {}}, {"pgstattuple", {}}, {"pg_buffercache", {}}, {"postgres_fdw", {}},
      {"dblink", {}}, {"file_fdw", {}}, {"amcheck", {}}, {"bloom", {}}, {"moddatetime", {}}, {"pageinspect", {}}};
  return known;
}

std::string last_of(Node* const* names, std::size_t count) { return count == 0 ? "" : string_of(names[count - 1]); }

/// The type that a statement creates; empty for none.
std::string created_type(const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_STMT: return node.create_stmt->relation->relname;
    case PG_QUERY__NODE__NODE_CREATE_FOREIGN_TABLE_STMT: return node.create_foreign_table_stmt->base_stmt->relation->relname;
    case PG_QUERY__NODE__NODE_VIEW_STMT: return node.view_stmt->view->relname;
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT: return node.create_table_as_stmt->into->rel->relname;
    case PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT: return node.composite_type_stmt->typevar->relname;
    case PG_QUERY__NODE__NODE_CREATE_ENUM_STMT:
      return last_of(node.create_enum_stmt->type_name, node.create_enum_stmt->n_type_name);
    case PG_QUERY__NODE__NODE_CREATE_RANGE_STMT:
      return last_of(node.create_range_stmt->type_name, node.create_range_stmt->n_type_name);
    case PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT:
      return last_of(node.create_domain_stmt->domainname, node.create_domain_stmt->n_domainname);
    case PG_QUERY__NODE__NODE_DEFINE_STMT: return last_of(node.define_stmt->defnames, node.define_stmt->n_defnames);
    default: return "";
  }
}

bool names_column_types(const Node& node) {
  return node.node_case == PG_QUERY__NODE__NODE_CREATE_STMT || node.node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_STMT ||
         node.node_case == PG_QUERY__NODE__NODE_CREATE_FOREIGN_TABLE_STMT ||
         node.node_case == PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT || node.node_case == PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT;
}

}  // namespace

TypeNames::TypeNames() : names_(std::begin(kBuiltIn), std::end(kBuiltIn)) {}

void TypeNames::add(std::string_view ddl) {
  const Tree tree(ddl, {});
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const Node& node = *tree.statement(i);
    if (node.node_case == PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT) add_extension(node.create_extension_stmt->extname);
    if (const std::string name = created_type(node); !name.empty()) names_.insert(name);
    // A range type comes with one of several ranges, whose name its maker may choose.
    if (node.node_case == PG_QUERY__NODE__NODE_CREATE_RANGE_STMT) any_ = true;
  }
}

void TypeNames::add_extension(const std::string& extension) {
  const auto known = extensions().find(extension);
  if (known == extensions().end()) any_ = true;
  else names_.insert(known->second.begin(), known->second.end());
}

/// An array type may be written with the underscore of its catalog name.
bool TypeNames::has(const std::string& name) const {
  return any_ || names_.contains(name) || (name.starts_with('_') && names_.contains(name.substr(1)));
}

std::vector<UnknownType> TypeNames::unknown_in(std::string_view ddl, const Position& where) const {
  std::vector<UnknownType> unknown;
  const Tree tree(ddl, where);
  for (std::size_t i = 0; i < tree.size(); ++i) {
    if (!names_column_types(*tree.statement(i))) continue;
    for_each_message(tree.statement(i)->base, [&](ProtobufCMessage& message) {
      const auto* type = as<PgQuery__TypeName>(message, pg_query__type_name__descriptor);
      if (type == nullptr || type->n_names == 0) return;
      const std::string name = last_of(type->names, type->n_names);
      if (!has(name)) unknown.push_back({name, position_in(ddl, static_cast<std::size_t>(std::max(type->location, 0)), where)});
    });
  }
  return unknown;
}

}  // namespace midflight::sql
