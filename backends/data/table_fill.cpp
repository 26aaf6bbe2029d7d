#include "backends/data/table_fill.h"

#include <algorithm>
#include <set>

#include "sim/kernel/count_text.h"

namespace midflight::backends {
namespace {

constexpr std::int64_t kDivisorMost = std::int64_t{1} << 40;

/// Columns of the primary key and of unique constraints and indexes over every row.
std::vector<std::vector<std::string>> unique_keys(const Table& table) {
  std::vector<std::vector<std::string>> keys;
  for (const Constraint& key : table.constraints) {
    if (key.kind == ConstraintKind::PrimaryKey) keys.insert(keys.begin(), key.columns);
    if (key.kind == ConstraintKind::Unique) keys.push_back(key.columns);
  }
  for (const Index& index : table.indexes) {
    if (index.unique && !index.constraint && !index.computed) keys.push_back(index.columns);
  }
  return keys;
}

/// The columns of one table while they are made.
class Columns {
 public:
  Columns(const Table& table, const Schema& schema, std::int64_t rows) : table_(table), rows_(rows) {
    for (const Column& column : table.columns) {
      if (column.generated) continue;
      columns_.emplace_back(column, table, schema);
      columns_.back().be_among(rows);
    }
    group_.resize(columns_.size(), -1);
    divisor_.resize(columns_.size(), 0);
  }

  void refer(const Constraint& key, const TableFill& parent, const std::vector<std::string>& target, std::int64_t parent_rows) {
    if (target.size() != key.columns.size()) return;
    for (std::size_t i = 0; i < target.size(); ++i) {
      const int at = index_of(key.columns[i]);
      const ColumnFill* referenced = parent.column(target[i]);
      if (at < 0 || referenced == nullptr || group_[static_cast<std::size_t>(at)] >= 0) continue;
      columns_[static_cast<std::size_t>(at)].refers_to(*referenced, parent_rows);
      group_[static_cast<std::size_t>(at)] = groups_;
    }
    ++groups_;
  }

  std::vector<ColumnFill> take() {
    for (const std::vector<std::string>& key : unique_keys(table_)) tell_apart(key);
    place_the_others();
    share_out_bytes();
    shuffle();
    return std::move(columns_);
  }

 private:
  int index_of(const std::string& name) const {
    const auto found = std::find_if(columns_.begin(), columns_.end(), [&](const ColumnFill& c) { return c.name() == name; });
    return found == columns_.end() ? -1 : static_cast<int>(found - columns_.begin());
  }

  /// Columns of one foreign key name one row, so they change together.
  void place(std::size_t at, std::int64_t& divisor) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i != at && (group_[at] < 0 || group_[i] != group_[at])) continue;
      if (divisor_[i] != 0) continue;
      columns_[i].change_every(divisor);
      divisor_[i] = divisor;
    }
    divisor = std::min(kDivisorMost, divisor * std::clamp<std::int64_t>(columns_[at].room(), 1, kDivisorMost / divisor + 1));
  }

  /// One column may do, which then has to change with every row; best one that names no other row.
  bool apart_by_one(std::vector<std::size_t> members) {
    std::erase_if(members, [&](std::size_t i) { return divisor_[i] > 1 || columns_[i].room() < rows_; });
    if (members.empty()) return false;
    const auto best = std::min_element(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
      return std::pair(divisor_[a] == 0, group_[a] >= 0) < std::pair(divisor_[b] == 0, group_[b] >= 0);
    });
    std::int64_t divisor = 1;
    place(*best, divisor);
    return true;
  }

  void tell_apart(const std::vector<std::string>& key) {
    std::vector<std::size_t> members;
    for (const std::string& name : key) {
      const int at = index_of(name);
      if (at < 0) return;
      members.push_back(static_cast<std::size_t>(at));
    }
    if (apart_by_one(members) || members.size() < 2) return;
    std::int64_t divisor = 1;
    std::set<int> groups;
    for (const std::size_t i : members) {
      if (group_[i] < 0 || groups.insert(group_[i]).second) place(i, divisor);
    }
  }

  void place_the_others() {
    std::int64_t divisor = 1;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (group_[i] >= 0 && divisor_[i] == 0) place(i, divisor);
    }
  }

  // Primary keys come as they are numbered, as do times; what is distinct with others stays so.
  void shuffle() {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const bool mixed = columns_[i].kind() == ValueKind::Integer || columns_[i].kind() == ValueKind::Text;
      if (mixed && rows_ > 2 && !keeps_order(columns_[i].name())) columns_[i].shuffle();
    }
  }

  bool keeps_order(const std::string& name) const {
    const std::vector<std::string> primary = table_.primary_key();
    const auto names = [&](const std::vector<std::string>& key) { return std::find(key.begin(), key.end(), name) != key.end(); };
    const std::vector<std::vector<std::string>> keys = unique_keys(table_);
    return names(primary) || table_.column(name)->identity ||
           std::any_of(keys.begin(), keys.end(), [&](const std::vector<std::string>& key) { return key.size() > 1 && names(key); });
  }

  void share_out_bytes() {
    const auto texts = std::count_if(columns_.begin(), columns_.end(), [](const ColumnFill& c) { return c.can_be_padded(); });
    if (texts == 0) return;
    const std::int64_t others = static_cast<std::int64_t>(columns_.size()) - texts;
    const std::int64_t each = std::clamp<std::int64_t>((table_.row_bytes - 8 * others) / texts, 8, 4000);
    for (ColumnFill& column : columns_) {
      if (column.can_be_padded()) column.pad_to(each);
    }
  }

  const Table& table_;
  const std::int64_t rows_;
  std::vector<ColumnFill> columns_;
  std::vector<int> group_;             ///< of each column: its foreign key, or -1
  std::vector<std::int64_t> divisor_;  ///< of each column, where it is settled; else 0
  int groups_ = 0;
};

}  // namespace

const ColumnFill* TableFill::column(std::string_view name) const {
  const auto found = std::find_if(columns_.begin(), columns_.end(), [&](const ColumnFill& c) { return c.name() == name; });
  return found == columns_.end() ? nullptr : &*found;
}

/// Each table once, after those it refers to; a circle is broken where it closes.
class SchemaFill::Maker {
 public:
  Maker(const Schema& schema, SchemaFill& out) : schema_(schema), out_(out) {}

  const TableFill* make(const Table& table) {
    const auto known = out_.fills_.find(table.name);
    if (known != out_.fills_.end()) return &known->second;
    if (!begun_.insert(table.name).second) return nullptr;
    const PartitionShare* share = out_.partitions_.share(table.name);
    std::vector<ColumnFill> columns = share != nullptr && share->root != table.name ? part(table, *share) : whole(table);
    return &out_.fills_.emplace(table.name, TableFill(std::move(columns))).first->second;
  }

 private:
  std::vector<ColumnFill> whole(const Table& table) {
    Columns columns(table, schema_, filled_rows(table, out_.partitions_));
    for (const Constraint& key : table.constraints) {
      const Table* parent = key.kind == ConstraintKind::ForeignKey ? schema_.table(key.referenced_table) : nullptr;
      if (parent == nullptr || parent == &table) continue;
      const TableFill* fill = make(*parent);
      const std::vector<std::string> target = key.referenced_columns.empty() ? parent->primary_key() : key.referenced_columns;
      columns.refer(key, fill != nullptr ? *fill : TableFill(alone(*parent)), target, filled_rows(*parent, out_.partitions_));
    }
    std::vector<ColumnFill> made = columns.take();
    if (out_.partitions_.share(table.name) == nullptr) return made;
    for (ColumnFill& column : made) column.keep_within(out_.partitions_.slices(table.name));
    return made;
  }

  /// A partition's columns may stand in another order.
  std::vector<ColumnFill> part(const Table& table, const PartitionShare& share) {
    const Table* root = schema_.table(share.root);
    const TableFill* of_root = root != nullptr ? make(*root) : nullptr;
    if (of_root == nullptr) return alone(table);
    std::vector<PartitionSlice> own;
    for (const PartitionSlice& slice : out_.partitions_.slices(share.root)) {
      if (slice.table == table.name) own = {slice};
    }
    std::vector<ColumnFill> made;
    for (const Column& column : table.columns) {
      const ColumnFill* whole = column.generated ? nullptr : of_root->column(column.name);
      if (whole == nullptr) continue;
      made.push_back(*whole);
      if (!own.empty()) made.back().keep_within(own);
      made.back().begin_behind(share.first);
    }
    return made;
  }

  std::vector<ColumnFill> alone(const Table& table) { return Columns(table, schema_, table.rows).take(); }

  const Schema& schema_;
  SchemaFill& out_;
  std::set<std::string> begun_;
};

SchemaFill::SchemaFill(const Schema& schema) : partitions_(schema) {
  Maker maker(schema, *this);
  for (const Table& table : schema.tables) maker.make(table);
}

const TableFill* SchemaFill::table(const std::string& name) const {
  const auto found = fills_.find(name);
  return found == fills_.end() ? nullptr : &found->second;
}

std::string SchemaFill::refusal(const Table& table, std::int64_t rows) const {
  const TableFill* fill = this->table(table.name);
  for (const std::vector<std::string>& key : unique_keys(table)) {
    const ColumnFill* column = fill != nullptr && key.size() == 1 ? fill->column(key.front()) : nullptr;
    if (column == nullptr || column->room() >= rows) continue;
    return "column " + column->name() + " is unique and has room for " + count_text(column->room()) +
           " different values, but the table is to have " + count_text(rows, "row");
  }
  return "";
}

}  // namespace midflight::backends
