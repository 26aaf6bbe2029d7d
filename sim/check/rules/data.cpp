#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <span>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

namespace midflight::check {
namespace {

/// The statement names a range or a list of rows: a batch.
bool is_bounded(const Words& words) {
  if (words.contain("limit") || words.contain("ctid") || words.contain("between") || words.contain("in (")) return true;
  bool from = false, to = false;
  for (const SqlToken& token : words.tokens()) {
    from = from || token.text == ">" || token.text == ">=";
    to = to || token.text == "<" || token.text == "<=";
  }
  return from && to;
}

/// The statement changes the relation in another way, in a part of it: WITH a AS (DELETE ...) UPDATE ....
bool changes_otherwise(const Look& look, const std::string& relation, bool Access::*how) {
  const auto& accesses = look.statement.accesses;
  return std::any_of(accesses.begin(), accesses.end(), [&](const Access& a) {
    return a.relation == relation && (a.inserts || a.updates || a.deletes) && !(a.*how);
  });
}

/// `how`: UPDATE or DELETE; null for any.
const Work* change_of_many(const Look& look, bool Access::*how = nullptr) {
  for (const Phase& phase : look.work.phases) {
    for (const Work& work : phase.work) {
      if (work.kind != WorkKind::Update || work.rows != kAllRows || !in_use(look, work.relation)) continue;
      if (how == nullptr || !changes_otherwise(look, work.relation, how)) return &work;
    }
  }
  return nullptr;
}

/// A key to cut batches by.
std::string key_of(const Look& look, const std::string& table) {
  const Table* known = look.schema.table(table);
  const std::vector<std::string> key = known == nullptr ? std::vector<std::string>{} : known->primary_key();
  return key.size() == 1 ? q(key.front()) : "id";
}

/// The key by the name that the statement gives the table, where another table may have a column of that name.
std::string qualified(const Look& look, const std::string& key) {
  const auto& tokens = look.words.tokens();
  std::size_t at = look.words.begin("update") ? 1 : 2;  // DELETE FROM
  if (!look.words.begin("update") && !look.words.begin("delete from")) return key;
  if (at < tokens.size() && is_word(tokens[at], "only")) ++at;
  while (at + 2 < tokens.size() && tokens[at + 1].text == ".") at += 2;
  const std::size_t table = at++;
  if (at < tokens.size() && is_word(tokens[at], "as")) ++at;
  const bool alias = at < tokens.size() && !token_name(tokens[at]).empty() && !is_word(tokens[at], "set") &&
                     !is_word(tokens[at], "using") && !is_word(tokens[at], "where");
  return fmt::format("{}.{}", tokens[alias ? at : table].text, key);
}

/// UPDATE ... FROM, DELETE ... USING
bool reads_others(const Look& look) { return look.statement.accesses.size() > 1; }

/// Where the statement's own WHERE begins, not that of a query inside it.
std::optional<std::size_t> own_where(const Look& look) {
  int depth = 0;
  for (const SqlToken& token : look.words.tokens()) {
    if (token.text == "(") ++depth;
    if (token.text == ")") --depth;
    if (depth == 0 && is_word(token, "where")) return static_cast<std::size_t>(token.text.data() - look.statement.sql.data());
  }
  return std::nullopt;
}

/// The statement for some of its rows: its condition in brackets where OR would take the rest along.
std::string batch_of(const Look& look, std::optional<std::size_t> where, const std::string& key) {
  constexpr std::size_t kWhere = 5;
  std::string sql = look.statement.sql;
  if (where && look.words.contain("or")) sql = sql.substr(0, *where + kWhere) + " (" + sql.substr(*where + kWhere + 1) + ")";
  return fmt::format("-- a thousand rows at a time, a transaction and a pause for each:\n{} {} {} BETWEEN ... AND ...;", sql,
                     where ? "AND" : "WHERE", key);
}

/// A table that nobody has shown is likely to have its key in a column of such a name.
bool may_find_one(const Look& look, const std::string& table) {
  if (!look.assumed.contains(table)) return false;
  return std::any_of(look.statement.accesses.begin(), look.statement.accesses.end(), [&](const Access& access) {
    return access.relation == table && std::any_of(access.key.begin(), access.key.end(), [](const std::string& c) { return c.ends_with("id"); });
  });
}

void change_all(const Look& look, StatementKind kind, std::string_view verb, Remarks& say) {
  if (look.statement.kind != kind || is_bounded(look.words)) return;
  const Work* work = change_of_many(look, kind == StatementKind::Update ? &Access::updates : &Access::deletes);
  if (work == nullptr || may_find_one(look, work->relation)) return;
  const auto where = own_where(look);
  const bool some = where.has_value();
  say.push_back({fmt::format("{0} {1} of {2} in one transaction: requests that change one of them wait until it commits, vacuum removes "
                             "nothing meanwhile, and replicas get it all at once.", verb, some ? "all matching rows" : "every row",
                             work->relation),
                 batch_of(look, where, reads_others(look) ? qualified(look, key_of(look, work->relation)) : key_of(look, work->relation)), 0, some ? Severity::Caution : Severity::Danger});
}

/// WITH a AS (UPDATE ...) SELECT ...: which rows it changes stands inside.
void change_in_with(const Look& look, StatementKind kind, bool Access::*how, std::string_view verb, Remarks& say) {
  if (!look.words.begin("with") || look.statement.kind == kind || is_bounded(look.words)) return;
  const Work* work = change_of_many(look, how);
  if (work == nullptr) return;
  const auto& accesses = look.statement.accesses;
  const bool changes = std::any_of(accesses.begin(), accesses.end(), [&](const Access& a) { return a.relation == work->relation && a.*how; });
  if (!changes) return;
  say.push_back({fmt::format("{0} all matching rows of {1} in one transaction: requests that change one of them wait until it commits, vacuum "
                             "removes nothing meanwhile, and replicas get it all at once.", verb, work->relation),
                 fmt::format("-- a thousand rows at a time, a transaction and a pause for each: inside WITH, {} BETWEEN ... AND ...",
                             key_of(look, work->relation)),
                 0, Severity::Caution});
}

/// MERGE changes as many rows as its source finds; with NOT MATCHED BY SOURCE all others too.
void merge_all(const Look& look, std::string_view verb, Remarks& say) {
  const Work* work = change_of_many(look);
  if (work == nullptr || !reads_others(look) || is_bounded(look.words)) return;
  const auto& accesses = look.statement.accesses;
  const auto source = std::find_if(accesses.begin(), accesses.end(), [&](const Access& a) { return a.relation != work->relation; });
  const bool rest = look.words.contain("not matched by source");
  say.push_back({fmt::format("{0} {1} of {2} in one transaction: requests that change one of them wait until it commits, vacuum removes "
                             "nothing meanwhile, and replicas get it all at once.", verb, rest ? "every row" : "all matching rows", work->relation),
                 source == accesses.end() ? "" : fmt::format("-- a thousand rows of the source at a time, a transaction and a pause for each:\n"
                                                             "MERGE INTO {} ... USING (SELECT * FROM {} WHERE {} BETWEEN ... AND ...) ...;",
                                                             q(work->relation), q(source->relation), key_of(look, source->relation)),
                 0, rest ? Severity::Danger : Severity::Caution});
}

/// A MERGE that updates, and one that deletes and does nothing else to rows that are there.
bool merges(const Look& look, bool updates) {
  if (!look.words.begin("merge") && !(look.words.begin("with") && look.words.contain("merge into"))) return false;
  const auto& accesses = look.statement.accesses;
  const bool any = std::any_of(accesses.begin(), accesses.end(), [](const Access& a) { return a.updates; });
  const bool all = std::any_of(accesses.begin(), accesses.end(), [](const Access& a) { return a.deletes; });
  return updates ? any : all && !any;
}

void update_all(const Look& look, Remarks& say) {
  change_all(look, StatementKind::Update, "Updates", say);
  change_in_with(look, StatementKind::Update, &Access::updates, "Updates", say);
  if (merges(look, true)) merge_all(look, "Updates", say);
}

void delete_all(const Look& look, Remarks& say) {
  change_all(look, StatementKind::Delete, "Deletes", say);
  change_in_with(look, StatementKind::Delete, &Access::deletes, "Deletes", say);
  if (merges(look, false)) merge_all(look, "Deletes", say);
}

/// How many values VALUES (...) or a list behind SELECT has; more than any table's columns where a star stands for some.
std::size_t values_given(std::span<const SqlToken> tokens) {
  const int level = is_word(tokens.front(), "values") ? 1 : 0;
  std::size_t given = 1;
  int depth = 0;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    const SqlToken& token = tokens[i];
    const bool may_be_star = i == 1 || tokens[i - 1].text == "," || tokens[i - 1].text == ".";
    if (token.text == "*" && depth == level && may_be_star) return std::string::npos;
    if (token.text == "(") ++depth;
    if (token.text == ")" && --depth < level) break;
    if (depth == 0 && (is_word(token, "from") || is_word(token, "where"))) break;
    if (token.text == "," && depth == level) ++given;
  }
  return given;
}

void insert_without_columns(const Look& look, Remarks& say) {
  if (!look.words.begin("insert into")) return;
  const std::string table = look.words.name_behind("insert into");
  if (!in_use(look, table)) return;
  const auto& tokens = look.words.tokens();
  std::size_t at = 3;
  while (at + 1 < tokens.size() && tokens[at].text == ".") at += 2;
  const bool bare = at < tokens.size() && (is_word(tokens[at], "values") || is_word(tokens[at], "select"));
  if (!bare) return;
  const Table* known = look.schema.table(table);
  std::vector<std::string> names;
  if (known != nullptr && !look.assumed.contains(table)) {
    for (const Column& column : known->columns) names.push_back(column.name);
    names.resize(std::min(names.size(), values_given({tokens.begin() + static_cast<std::ptrdiff_t>(at), tokens.end()})));
  }
  const auto behind = static_cast<std::size_t>(tokens[at].text.data() - look.statement.sql.data());
  say.push_back({fmt::format("Values go to the columns of {0} in the order they happen to have; where {0} has got or lost one, it fails or "
                             "fills the wrong ones.", table),
                 fmt::format("INSERT INTO {} ({}) {};", q(table), names.empty() ? "..." : column_list(names), look.statement.sql.substr(behind))});
}

/// SET a = 1, a = 2: names left of a single = between SET and WHERE, outside brackets.
void assigned_twice(const Look& look, Remarks& say) {
  if (!look.words.begin("update")) return;
  std::set<std::string> names;
  const auto& tokens = look.words.tokens();
  bool in_set = false, at_name = false;
  int depth = 0;
  for (const SqlToken& token : tokens) {
    if (token.text == "(") ++depth;
    if (token.text == ")") --depth;
    if (depth > 0) continue;
    if (is_word(token, "set")) in_set = at_name = true;
    else if (is_word(token, "where") || is_word(token, "from") || is_word(token, "returning")) break;
    else if (in_set && token.text == ",") at_name = true;
    else if (in_set && at_name) {
      const std::string name = token_name(token);
      at_name = false;
      if (name.empty() || names.insert(name).second) continue;
      say.push_back({fmt::format("{} is assigned twice: the migration fails (42601).", name), "-- keep one of the two"});
      return;
    }
  }
}

/// A column that numbers itself, written with values of its own.
void sequence_behind(const End& end, Remarks& say) {
  const auto& seen = end.session.seen();
  std::set<std::pair<std::string, std::string>> said;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i].statement.kind != StatementKind::Insert || seen[i].statement.accesses.empty()) continue;
    for (const Access& access : seen[i].statement.accesses) {
      const Table* table = end.schema.table(access.relation);
      if (table == nullptr || access.mode < LockMode::RowExclusiveLock) continue;
      for (const Column& column : table->columns) {
        if (!column.identity || std::find(access.writes.begin(), access.writes.end(), column.name) == access.writes.end()) continue;
        const auto sets = [](const Seen& s) { const Words w(s.statement.sql); return w.contain("setval") || w.contain("restart"); };
        if (std::any_of(seen.begin(), seen.end(), sets) || !said.emplace(table->name, column.name).second) continue;
        say.push_back({fmt::format("Rows come with their own {1}, and the sequence of {0}.{1} does not know: it gives the same numbers again, "
                                   "and INSERTs fail (23505).", table->name, column.name),
                       fmt::format("SELECT setval(pg_get_serial_sequence('{0}', '{1}'), (SELECT max({1}) FROM {0}));", table->name, column.name), i});
      }
    }
  }
}

}  // namespace

std::vector<Rule> data_rules() {
  return {
      {.id = "update-all-rows",
       .severity = Severity::Danger,
       .title = "An UPDATE or MERGE of a whole table in one transaction",
       .what = "Every row it has reached stays locked until it commits, every row gets a second version, and vacuum removes nothing "
               "meanwhile. A condition limits that to the rows it matches, which is a caution. Without --schema, a condition on a column whose name "
               "ends with id is taken to find few.",
       .instead = "Batches by primary key, a transaction and a pause for each.",
       .concern = Concern::Time,
       .look = update_all,
       .bad = "UPDATE orders SET status = 'open';",
       .good = "UPDATE orders SET status = 'open' WHERE id BETWEEN 1 AND 1000;"},
      {.id = "delete-all-rows",
       .severity = Severity::Danger,
       .title = "A DELETE or MERGE of a whole table in one transaction",
       .what = "Every row it has reached stays locked until it commits, and foreign keys are looked up row by row.",
       .instead = "Batches by primary key, a transaction and a pause for each.",
       .concern = Concern::Time,
       .look = delete_all,
       .bad = "DELETE FROM stock_levels;",
       .good = "DELETE FROM stock_levels WHERE product_id BETWEEN 1 AND 1000;"},
      {.id = "insert-without-columns",
       .severity = Severity::Caution,
       .title = "INSERT without a list of columns",
       .what = "The values go to the columns in the order the table has on that server, which is not the same everywhere.",
       .instead = "Name the columns.",
       .look = insert_without_columns,
       .bad = "INSERT INTO products VALUES (3, 9.99, 3);",
       .good = "INSERT INTO products (id, price, stock) VALUES (3, 9.99, 3);"},
      {.id = "column-assigned-twice",
       .severity = Severity::Danger,
       .title = "UPDATE assigns a column twice",
       .what = "The server refuses the statement, and the migration fails.",
       .instead = "Keep one of the two.",
       .concern = Concern::Refusal,
       .look = assigned_twice,
       .bad = "UPDATE products SET stock = 1, price = 2, stock = 3 WHERE id = 1;",
       .good = "UPDATE products SET stock = 3, price = 2 WHERE id = 1;"},
      {.id = "sequence-not-advanced",
       .severity = Severity::Caution,
       .title = "Rows with their own numbers, and a sequence that does not know",
       .what = "A sequence counts what it has given itself. After rows were copied in with their numbers, it gives these again, and "
               "INSERTs of the application fail.",
       .instead = "setval() behind the copy.",
       .at_end = sequence_behind,
       .bad = "INSERT INTO tickets (id, title) SELECT id, status FROM orders WHERE id BETWEEN 1 AND 10;",
       .good = "INSERT INTO tickets (id, title) SELECT id, status FROM orders WHERE id BETWEEN 1 AND 10;\n"
               "SELECT setval('tickets_id_seq', (SELECT max(id) FROM tickets));"},
  };
}

}  // namespace midflight::check
