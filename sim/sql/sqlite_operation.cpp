#include "sim/sql/sqlite_operation.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/model/sql_text.h"
#include "sim/sql/expressions.h"
#include "sim/sql/sqlite_text.h"

namespace midflight::sql {
namespace {

using Statements = std::vector<std::string>;

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

Statements operator+(Statements a, const Statements& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// One statement between the views that must not see it.
Statements around_views(const std::string& old_name, const std::string& new_name, const std::string& statement,
                        const Schema& before, const Schema& after) {
  return sqlite_drop_views(old_name, before) + Statements{statement} + sqlite_create_views(new_name, after);
}

bool is_constant(const std::string& sql) {
  const Tree tree("SELECT " + sql, Position{});
  bool constant = true;
  for_each_message(tree.statement(0)->base, [&](ProtobufCMessage& message) {
    if (message.descriptor == &pg_query__func_call__descriptor ||
        message.descriptor == &pg_query__sqlvalue_function__descriptor)
      constant = false;
  });
  return constant;
}

/// Source: lang_altertable.html, section 5, "ALTER TABLE ADD COLUMN".
bool adds_natively(const AddColumn& operation) {
  const Column& column = operation.column;
  if (!operation.constraints.empty() || column.identity || column.generated) return false;
  if (!column.default_sql) return !column.not_null;
  return is_constant(*column.default_sql);
}

/// Source: lang_altertable.html, section 6, "ALTER TABLE DROP COLUMN".
bool drops_natively(const DropColumn& operation, const Schema& before) {
  const Table& table = *before.table(operation.table);
  const auto used = [&](const auto& part) { return contains(part.columns, operation.column); };
  const auto computed_from = [&](const Column& c) {
    return c.generated && c.default_sql && sql_reads_column(*c.default_sql, operation.table, operation.column);
  };
  return std::none_of(table.constraints.begin(), table.constraints.end(), used) &&
         std::none_of(table.indexes.begin(), table.indexes.end(), used) &&
         std::none_of(table.columns.begin(), table.columns.end(), computed_from);
}

/// Every operation gets one overload; what is left falls to the rebuild.
class Renderer {
 public:
  Renderer(const Schema& before, const Schema& after) : before_(before), after_(after) {}

  Statements operator()(const AddColumn& o) const {
    if (before_.table(o.table)->column(o.column.name) != nullptr) return {};  // IF NOT EXISTS
    if (!adds_natively(o)) return rebuild(o.table);
    return {fmt::format("ALTER TABLE {} ADD COLUMN {}", sqlite_name(o.table), sqlite_column(o.column))};
  }
  Statements operator()(const DropColumn& o) const {
    if (before_.table(o.table)->column(o.column) == nullptr) return {};  // IF EXISTS
    if (!drops_natively(o, before_)) return rebuild(o.table);
    return around_views(o.table, o.table,
                        fmt::format("ALTER TABLE {} DROP COLUMN {}", sqlite_name(o.table), sqlite_name(o.column)),
                        before_, after_);
  }
  Statements operator()(const RenameColumn& o) const {
    if (const View* view = after_.view(o.table)) return again(*view);
    return around_views(o.table, o.table,
                        fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {}", sqlite_name(o.table), sqlite_name(o.from),
                                    sqlite_name(o.to)),
                        before_, after_);
  }
  Statements operator()(const RenameTable& o) const {
    if (const View* view = after_.view(o.to))
      return Statements{"DROP VIEW " + sqlite_name(o.from)} + sqlite_view(*view, after_);
    return around_views(o.from, o.to,
                        fmt::format("ALTER TABLE {} RENAME TO {}", sqlite_name(o.from), sqlite_name(o.to)), before_, after_);
  }
  Statements operator()(const RenameIndex& o) const {
    const Index& index = *after_.index(o.to);
    if (index.constraint) return {};  // SQLite gives such an index a name of its own
    return {"DROP INDEX " + sqlite_name(o.from), sqlite_index(index, false)};
  }
  Statements operator()(const AlterColumnType& o) const {
    const std::string value = !o.using_sql.empty() ? o.using_sql : fmt::format("CAST({} AS {})", sql_identifier(o.column), o.type);
    return sqlite_rebuild(o.table, before_, after_, o.column, sqlite_expression(value));
  }
  Statements operator()(const AddConstraint& o) const {
    return o.using_index.empty() ? rebuild(o.table) : Statements{};  // the unique index already stands for it
  }
  /// The rebuild that added the constraint has checked every row.
  Statements operator()(const ValidateConstraint&) const { return {}; }
  Statements operator()(const CreateIndex& o) const { return {sqlite_index(o.index, o.if_not_exists)}; }
  Statements operator()(const DropIndex& o) const {
    return {fmt::format("DROP INDEX {}{}", o.if_exists ? "IF EXISTS " : "", sqlite_name(o.index))};
  }
  Statements operator()(const CreateTable& o) const {
    if (!o.table.parents.empty() || o.table.kind == TableKind::Partitioned) return no_word("partitions and inheritance");
    if (o.as_query) return no_word("CREATE TABLE AS with known types");
    if (!o.likes.empty() || !o.of_type.empty()) return {sqlite_table(*after_.table(o.table.name), o.table.name, o.if_not_exists)};
    return {sqlite_table(o.table, o.table.name, o.if_not_exists)};
  }
  Statements operator()(const DropTable& o) const {
    return sqlite_drop_views(o.table, before_) +
           Statements{fmt::format("DROP TABLE {}{}", o.if_exists ? "IF EXISTS " : "", sqlite_name(o.table))};
  }
  Statements operator()(const CreateView& o) const {
    const View& view = *after_.view(o.view.name);
    return before_.view(o.view.name) != nullptr ? again(view) : sqlite_view(view, after_);
  }
  Statements operator()(const DropView& o) const {
    return {fmt::format("DROP VIEW {}{}", o.if_exists ? "IF EXISTS " : "", sqlite_name(o.view))};
  }
  Statements operator()(const CreateTrigger& o) const {
    throw Error(ErrorCode::NotSupported, fmt::format("SQLite's triggers cannot call a function such as {}()", o.trigger.function));
  }
  Statements operator()(const DropTrigger&) const { return {}; }  // none was created
  Statements operator()(const Truncate& o) const {
    Statements out;
    for (const std::string& table : o.tables) out.push_back("DELETE FROM " + sqlite_name(table));
    return out;
  }
  Statements operator()(const AttachPartition&) const { return no_word("partitions"); }
  Statements operator()(const DetachPartition&) const { return no_word("partitions"); }
  Statements operator()(const ChangeInheritance&) const { return no_word("inheritance"); }
  Statements operator()(const SetSchema&) const { return no_word("SET SCHEMA"); }
  /// Where files lie, owners, statistics and the like: SQLite has none of them to change.
  Statements operator()(const ChangeStorage&) const { return {}; }
  Statements operator()(const RelationSetting&) const { return {}; }
  Statements operator()(const RenameTrigger&) const { return {}; }
  Statements operator()(const Reindex&) const { return {}; }
  Statements operator()(const CreateStatistics&) const { return {}; }
  Statements operator()(const DropStatistics&) const { return {}; }
  Statements operator()(const Maintenance&) const { return {}; }
  Statements operator()(const LockTables&) const { return {}; }
  Statements operator()(const DataStatement&) const { return {}; }
  Statements operator()(const Harmless&) const { return {}; }
  Statements operator()(const Opaque& o) const { throw Error(ErrorCode::NotSupported, o.why); }
  /// NOT NULL, defaults and constraints are part of a table's text.
  template <class T>
  Statements operator()(const T& o) const {
    if constexpr (requires { o.table; }) return rebuild(o.table);
    else return no_word("types, sequences, schemas and materialized views");
  }

 private:
  Statements rebuild(const std::string& table) const { return sqlite_rebuild(table, before_, after_); }
  static Statements no_word(std::string_view what) {
    throw Error(ErrorCode::NotSupported, fmt::format("SQLite has no {}", what));
  }
  Statements again(const View& view) const {
    return Statements{"DROP VIEW " + sqlite_name(view.name)} + sqlite_view(view, after_);
  }

  const Schema& before_;
  const Schema& after_;
};

/// What stands in the way of a part of the schema, with the part's name.
template <typename Render>
Statements of_schema(const std::string& part, Render render) {
  try {
    return render();
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("the schema's {}: {}", part, error.problems().front().message));
  }
}

}  // namespace

std::vector<std::string> sqlite_operation(const Operation& operation, const Schema& before, const Schema& after) {
  return std::visit(Renderer(before, after), operation);
}

std::vector<std::string> sqlite_schema(const Schema& schema) {
  Statements out;
  for (const Table& table : schema.tables) {
    out = out + of_schema("table " + table.name, [&] { return Statements{sqlite_table(table, table.name, false)}; });
    for (const Index& index : table.indexes) {
      if (!index.constraint) out = out + of_schema("index " + index.name, [&] { return Statements{sqlite_index(index, false)}; });
    }
  }
  for (const View& view : schema.views) out = out + of_schema("view " + view.name, [&] { return sqlite_view(view, schema); });
  return out;
}

}  // namespace midflight::sql
