#include "backends/data_check.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "backends/data/words.h"
#include "sim/sql/render.h"

namespace midflight::backends {
namespace {

constexpr std::int64_t kChunkRows = 10'000;
constexpr std::int64_t kChunks = 100;

/// One attribute of a table: its values live in `columns`, oldest name first.
struct Attribute {
  std::string table;
  std::vector<std::string> columns;
  ColumnFill fill;
  bool moved = false;
};

/// The values a row, or an inserted row, may rightly hold.
struct Expected {
  std::vector<std::int64_t> serials;  ///< several where writes overlapped
  Instant last_end{};
};

class Checker {
 public:
  Checker(Backend& backend, const Catalogue& catalogue, const ClientApplication& application, const PlanRunResult& run,
          bool filled)
      : session_(backend.open("check")), dialect_(backend.dialect()), catalogue_(catalogue), application_(application), run_(run), filled_(filled) {}

  DataCheck check() {
    for (const Attribute& attribute : attributes()) check(attribute);
    count_unchecked_writes();
    result_.disagreeing_rows = run_.disagreeing_rows;
    return result_;
  }

 private:
  std::vector<Attribute> attributes() const {
    std::vector<Attribute> all;
    for (std::size_t v = 0; v + 1 < application_.versions().size(); ++v) {
      for (std::size_t e = 0; e < application_.endpoints().size(); ++e) {
        for (const WriteEffect& effect : application_.endpoint(v, e).effects) add(all, effect.table, effect.column);
      }
    }
    for (const MovedColumn& moved : catalogue_.moved()) add(all, moved.table, moved.from);
    return all;
  }

  void add(std::vector<Attribute>& all, const std::string& table, const std::string& column) const {
    for (const Attribute& known : all) {
      const auto& names = known.columns;
      if (known.table == table && std::find(names.begin(), names.end(), column) != names.end()) return;
    }
    Attribute attribute{table, {column}, catalogue_.fill(table, column), false};
    for (const MovedColumn& moved : catalogue_.moved()) {
      if (moved.table != table || (moved.from != column && moved.to != column)) continue;
      attribute.columns = {moved.from, moved.to};
      attribute.fill = catalogue_.fill(table, moved.from);
      attribute.moved = true;
    }
    all.push_back(std::move(attribute));
  }

  bool writes(const WriteEffect& effect, const Attribute& a) const {
    return effect.table == a.table && std::find(a.columns.begin(), a.columns.end(), effect.column) != a.columns.end();
  }

  void check(const Attribute& attribute) {
    const Table* table = run_.schema.table(attribute.table);
    if (table == nullptr) return;
    surviving_.clear();
    for (const std::string& column : attribute.columns) {
      if (table->column(column) != nullptr) surviving_.push_back(column);
    }
    if (surviving_.empty()) return;
    result_.values.push_back(value_name(attribute));
    read_.clear();
    for (const std::string& column : surviving_) read_.push_back(is_read(attribute.table, column));
    collect(attribute);
    check_rows(attribute, *table);
    check_inserts(attribute, *table);
  }

  static std::string value_name(const Attribute& attribute) {
    std::string name = attribute.table + "." + attribute.columns.front();
    for (std::size_t c = 1; c < attribute.columns.size(); ++c) name += " or " + attribute.columns[c];
    return name;
  }

  /// Requests that wrote something, and nothing of it can be looked up: the value is
  /// not known beforehand, or the row's key has several columns.
  void count_unchecked_writes() {
    for (const RequestRecord& request : run_.requests) {
      if (request.error != 0) continue;
      const ClientEndpoint& endpoint = application_.endpoint(request.version, request.endpoint);
      const bool writes = std::any_of(endpoint.statements.begin(), endpoint.statements.end(), [](const auto& s) { return s.writes; });
      const bool looked_up = std::any_of(endpoint.effects.begin(), endpoint.effects.end(),
                                         [&](const WriteEffect& e) { return e.inserts || found_by_key(e.table); });
      result_.writes_unchecked += writes && !looked_up ? 1 : 0;
    }
  }

  bool found_by_key(const std::string& name) const {
    const Table* table = run_.schema.table(name);
    return table != nullptr && table->primary_key().size() == 1;
  }

  /// True when a version that serves at the end reads the column.
  bool is_read(const std::string& table, const std::string& column) const {
    for (const std::uint32_t version : run_.serving_versions) {
      for (const ReadColumn& read : application_.reads(version)) {
        if (read.table == table && read.column == column) return true;
      }
    }
    return false;
  }

  void collect(const Attribute& attribute) {
    rows_.clear();
    inserts_.clear();
    std::vector<const RequestRecord*> by_end;
    for (const RequestRecord& request : run_.requests) {
      if (request.error == 0) by_end.push_back(&request);
    }
    std::sort(by_end.begin(), by_end.end(), [](const auto* a, const auto* b) { return a->end < b->end; });
    for (const RequestRecord* request : by_end) {
      bool noted = false;
      for (const WriteEffect& effect : application_.endpoint(request->version, request->endpoint).effects) {
        if (noted || !writes(effect, attribute)) continue;
        noted = true;
        effect.inserts ? note_insert(attribute, *request) : note_write(attribute, *request);
      }
    }
  }

  void note_insert(const Attribute& attribute, const RequestRecord& request) {
    inserts_.insert(value_text(attribute.fill.fresh(request.serial)));
  }

  void note_write(const Attribute& attribute, const RequestRecord& request) {
    const std::int64_t rows = std::max<std::int64_t>(1, catalogue_.rows(attribute.table));
    Expected& expected = rows_[(request.row - 1) % rows + 1];
    if (request.began >= expected.last_end) expected.serials.clear();
    expected.serials.push_back(request.serial);
    expected.last_end = std::max(expected.last_end, request.end);
  }

  std::string selected() const {
    std::string list;
    for (const std::string& column : surviving_) list += ", CAST(" + sql::identifier(column) + " AS TEXT)";
    return list;
  }

  /// `values[0]` is the key; the others are the surviving columns.
  void judge(const Row& values, const std::vector<std::string>& right) {
    bool held = false, misread = false;
    for (std::size_t c = 0; c < surviving_.size(); ++c) {
      const bool good = std::find(right.begin(), right.end(), value_text(values[c + 1])) != right.end();
      held |= good;
      misread |= !good && read_[c];
    }
    result_.lost_writes += held ? 0 : 1;
    result_.diverged_rows += misread ? 1 : 0;
  }

  std::vector<std::string> right_values(const Attribute& attribute, std::int64_t row) const {
    const auto written = rows_.find(row);
    if (written == rows_.end()) return {value_text(attribute.fill.value(row))};
    std::vector<std::string> values;
    for (const std::int64_t serial : written->second.serials) values.push_back(value_text(attribute.fill.fresh(serial)));
    return values;
  }

  void check_rows(const Attribute& attribute, const Table& table) {
    const std::vector<std::string> key = table.primary_key();
    if (key.size() != 1) return;
    const ColumnFill key_fill = catalogue_.fill(attribute.table, key[0]);
    const std::string name = sql::identifier(key[0]);
    const std::string sql = "SELECT " + name + selected() + " FROM " + sql::identifier(table.name) + " WHERE " + name;
    const std::string one = parameter(dialect_, 1);
    std::set<std::int64_t> seen;
    if (filled_ && attribute.moved && key_fill.counts_rows() && key_fill.value(1) == Value(std::int64_t{1})) scan(attribute, sql + " > " + one + " AND " + name + " <= " + parameter(dialect_, 2), seen);
    for (const auto& [row, expected] : rows_) {
      if (seen.contains(row)) continue;
      const std::vector<Row> found = session_->query(sql + " = " + one, {key_fill.value(row)});
      if (found.empty() && !stays(table.name)) continue;
      ++result_.rows_written;
      found.empty() ? note_gone() : judge(found[0], right_values(attribute, row));
    }
  }

  /// False where a row may be missing for a good reason, or for one nobody knows.
  bool stays(const std::string& table) const { return filled_ && !run_.losing_rows.contains(table); }

  void note_gone() {
    ++result_.rows_gone;
    ++result_.lost_writes;
    ++result_.diverged_rows;
  }

  /// Looks at rows nobody may have written, in evenly spread chunks.
  void scan(const Attribute& attribute, const std::string& sql, std::set<std::int64_t>& seen) {
    const std::int64_t rows = catalogue_.rows(attribute.table);
    std::int64_t left = rows;
    const std::int64_t chunks = std::min(kChunks, (rows + kChunkRows - 1) / kChunkRows);
    for (std::int64_t i = 0; i < chunks; ++i) {
      const std::int64_t from = rows <= kChunks * kChunkRows ? i * kChunkRows : i * (rows / chunks);
      const std::int64_t until = std::min(rows, from + kChunkRows);
      std::vector<bool> there(static_cast<std::size_t>(until - from));
      for (const Row& found : session_->query(sql, {from, until})) {
        const std::int64_t row = std::get<std::int64_t>(found[0]);
        there[static_cast<std::size_t>(row - from - 1)] = true;
        --left;
        ++(rows_.contains(row) ? result_.rows_written : result_.rows_as_filled);
        if (rows_.contains(row)) seen.insert(row);
        judge(found, right_values(attribute, row));
      }
      if (stays(attribute.table)) left -= note_missing(from, there);
    }
    result_.rows_not_looked_at += std::max<std::int64_t>(left, 0);
  }

  /// Of those nobody wrote; the others are looked for one by one.
  std::int64_t note_missing(std::int64_t from, const std::vector<bool>& there) {
    std::int64_t missing = 0;
    for (std::size_t i = 0; i < there.size(); ++i) {
      if (there[i] || rows_.contains(from + 1 + static_cast<std::int64_t>(i))) continue;
      ++missing;
      ++result_.rows_as_filled;
      note_gone();
    }
    return missing;
  }

  /// Rows that may be among the inserted ones: SQLite knows which came later,
  /// PostgreSQL finds them by the values that clients gave them.
  std::vector<Row> inserted_rows(const Attribute& attribute, const Table& table) const {
    const std::string from = " FROM " + sql::identifier(table.name) + " WHERE ";
    if (dialect_.engine == Engine::Sqlite) {
      return session_->query("SELECT rowid" + selected() + from + "rowid > ?1", {catalogue_.rows(attribute.table)});
    }
    std::string any;
    for (const std::string& column : surviving_) {
      any += (any.empty() ? "" : " OR ") + ("CAST(" + sql::identifier(column) + " AS text) = ANY (CAST($1 AS text[]))");
    }
    return session_->query("SELECT 1" + selected() + from + any, {text_array({inserts_.begin(), inserts_.end()})});
  }

  void check_inserts(const Attribute& attribute, const Table& table) {
    if (inserts_.empty()) return;
    std::set<std::string> missing = inserts_;
    for (const Row& row : inserted_rows(attribute, table)) {
      bool held = false, misread = false;
      for (std::size_t c = 0; c < surviving_.size(); ++c) {
        const bool good = inserts_.contains(value_text(row[c + 1]));
        if (good) missing.erase(value_text(row[c + 1]));
        held |= good;
        misread |= !good && read_[c];
      }
      result_.diverged_rows += held && misread ? 1 : 0;
    }
    result_.rows_inserted += static_cast<std::int64_t>(inserts_.size());
    result_.lost_writes += static_cast<std::int64_t>(missing.size());
    result_.diverged_rows += static_cast<std::int64_t>(missing.size());
  }

  std::unique_ptr<Session> session_;
  const Dialect dialect_;
  const Catalogue& catalogue_;
  const ClientApplication& application_;
  const PlanRunResult& run_;
  const bool filled_;
  DataCheck result_;
  std::vector<std::string> surviving_;       ///< of the attribute at hand
  std::vector<bool> read_;                   ///< by a serving version, one per surviving column
  std::unordered_map<std::int64_t, Expected> rows_;
  std::set<std::string> inserts_;
};

}  // namespace

DataCheck check_data(Backend& backend, const Catalogue& catalogue, const ClientApplication& application,
                     const PlanRunResult& run, bool filled) {
  return Checker(backend, catalogue, application, run, filled).check();
}

}  // namespace midflight::backends
