#include "sim/sql/qualify.h"

#include <algorithm>

namespace midflight::sql {
namespace {

bool is_empty(const char* text) { return text == nullptr || *text == '\0'; }

std::string full_name(const std::string& place, const std::string& name) { return place == "public" ? name : place + "." + name; }

template <class Named>
bool has(const std::vector<Named>& all, const std::string& name) {
  return std::any_of(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
}

/// Names of a statement, looked up along the path.
class Lookup {
 public:
  Lookup(const SearchPath& path, const Schema& schema) : path_(path), schema_(schema) {}

  /// Returns: where the relation is, or would be made.
  const std::string& place_of_relation(const std::string& name) const {
    const auto found = std::find_if(path_.begin(), path_.end(), [&](const std::string& place) { return is_relation(full_name(place, name)); });
    return found == path_.end() ? path_.front() : *found;
  }

  /// Returns: empty for a type that is none of the user's.
  std::string place_of_type(const std::string& name) const {
    const auto found = std::find_if(path_.begin(), path_.end(), [&](const std::string& place) { return is_type(full_name(place, name)); });
    return found == path_.end() ? "" : *found;
  }

 private:
  bool is_relation(const std::string& name) const {
    if (schema_.table(name) != nullptr || schema_.view(name) != nullptr || schema_.sequence(name) != nullptr) return true;
    const Index* index = schema_.index(name);
    return index != nullptr && index->relation() == name;
  }
  bool is_type(const std::string& name) const {
    return has(schema_.domains, name) || has(schema_.enums, name) || has(schema_.composites, name);
  }

  const SearchPath& path_;
  const Schema& schema_;
};

std::vector<std::string> names_of_ctes(Node& statement) {
  std::vector<std::string> names;
  for_each_message(statement.base, [&](ProtobufCMessage& message) {
    const auto* cte = as<PgQuery__CommonTableExpr>(message, pg_query__common_table_expr__descriptor);
    if (cte != nullptr) names.emplace_back(cte->ctename);
  });
  return names;
}

/// What CREATE makes, or null.
const PgQuery__RangeVar* created(const Node& statement) {
  switch (statement.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_STMT: return statement.create_stmt->relation;
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT: return statement.create_table_as_stmt->into->rel;
    case PG_QUERY__NODE__NODE_VIEW_STMT: return statement.view_stmt->view;
    case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT: return statement.create_seq_stmt->sequence;
    case PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT: return statement.composite_type_stmt->typevar;
    default: return nullptr;
  }
}

class Qualifier {
 public:
  Qualifier(Tree& tree, std::size_t i, const SearchPath& path, const Schema& schema)
      : arena_(tree.arena()), statement_(*tree.statement(i)), path_(path), lookup_(path, schema), ctes_(names_of_ctes(statement_)) {}

  void run() {
    for_each_message(statement_.base, [&](ProtobufCMessage& message) {
      if (auto* relation = as<PgQuery__RangeVar>(message, pg_query__range_var__descriptor)) name(*relation);
      if (auto* type = as<PgQuery__TypeName>(message, pg_query__type_name__descriptor)) name(type->names, type->n_names);
    });
    if (statement_.node_case == PG_QUERY__NODE__NODE_DROP_STMT) name(*statement_.drop_stmt);
    if (statement_.node_case == PG_QUERY__NODE__NODE_CREATE_ENUM_STMT) make(statement_.create_enum_stmt->type_name, statement_.create_enum_stmt->n_type_name);
    if (statement_.node_case == PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT) make(statement_.create_domain_stmt->domainname, statement_.create_domain_stmt->n_domainname);
    if (statement_.node_case == PG_QUERY__NODE__NODE_ALTER_ENUM_STMT) name(statement_.alter_enum_stmt->type_name, statement_.alter_enum_stmt->n_type_name);
    if (statement_.node_case == PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT) name(statement_.alter_domain_stmt->type_name, statement_.alter_domain_stmt->n_type_name);
  }

 private:
  void name(PgQuery__RangeVar& relation) {
    const std::string bare = relation.relname;
    const bool temporary = !is_empty(relation.relpersistence) && *relation.relpersistence == 't';
    const bool own = bare.starts_with("pg_") || std::find(ctes_.begin(), ctes_.end(), bare) != ctes_.end();
    if (!is_empty(relation.schemaname) || temporary || own) return;
    const bool is_made = &relation == created(statement_);
    relation.schemaname = arena_.text(is_made ? path_.front() : lookup_.place_of_relation(bare));
  }

  /// A type, by the strings of its name.
  void name(Node**& names, std::size_t& count) {
    if (count != 1) return;
    const std::string place = lookup_.place_of_type(string_of(names[0]));
    if (!place.empty()) put_before(names, count, place);
  }

  void make(Node**& names, std::size_t& count) {
    if (count == 1) put_before(names, count, path_.front());
  }

  void name(PgQuery__DropStmt& drop) {
    for (std::size_t i = 0; i < drop.n_objects; ++i) {
      if (drop.objects[i]->node_case != PG_QUERY__NODE__NODE_LIST || !is_relation(drop.remove_type)) continue;
      PgQuery__List& list = *drop.objects[i]->list;
      if (list.n_items == 1) put_before(list.items, list.n_items, lookup_.place_of_relation(string_of(list.items[0])));
    }
  }

  void put_before(Node**& names, std::size_t& count, const std::string& place) {
    auto* first = arena_.make<Node>(pg_query__node__descriptor);
    first->node_case = PG_QUERY__NODE__NODE_STRING;
    first->string = arena_.make<PgQuery__String>(pg_query__string__descriptor);
    first->string->sval = arena_.text(place);
    Node** all = nullptr;
    std::size_t n = 0;
    arena_.append(all, n, first);
    for (std::size_t i = 0; i < count; ++i) arena_.append(all, n, names[i]);
    names = all;
    count = n;
  }

  Arena& arena_;
  Node& statement_;
  const SearchPath& path_;
  Lookup lookup_;
  std::vector<std::string> ctes_;
};

}  // namespace

void qualify(Tree& tree, std::size_t statement, const SearchPath& path, const Schema& schema) {
  if (!path.empty() && tree.statement(statement) != nullptr) Qualifier(tree, statement, path, schema).run();
}

}  // namespace midflight::sql
