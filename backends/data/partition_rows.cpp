#include "backends/data/partition_rows.h"

#include <algorithm>

namespace midflight::backends {
namespace {

using Bounds = std::map<std::string, ValueBounds>;
using Children = std::map<std::string, std::vector<const Table*>>;

bool goes_by(const Table& table, std::string_view strategy) { return table.partition_key.starts_with(strategy); }
bool is_default(const Table& table) { return table.bound == "DEFAULT"; }

Value literal_value(const BoundDatum& datum, const ColumnType& type) {
  bool zoned = false;
  if (datum.kind == BoundDatum::Kind::Null) return std::monostate{};
  const auto number = type.kind == ValueKind::Integer ? bound_number(datum.text, type, zoned) : std::nullopt;
  return number ? Value(*number) : Value(datum.text);
}

/// The partitions of one topmost table.
class Shares {
 public:
  Shares(const Table& root, const Schema& schema, const Children& children) : root_(root), schema_(schema), children_(children) { visit(root, {}, ""); }

  std::vector<PartitionSlice> take() {
    share_out();
    std::int64_t first = 0;
    for (PartitionSlice& slice : slices_) {
      slice.first = first;
      first += slice.rows;
    }
    return std::move(slices_);
  }

 private:
  const std::vector<const Table*>& below(const Table& table) const {
    static const std::vector<const Table*> kNone;
    const auto found = children_.find(table.name);
    return found == children_.end() ? kNone : found->second;
  }

  void visit(const Table& table, const Bounds& bounds, const std::string& refused) {
    if (table.partition_key.empty() || goes_by(table, "HASH")) return add(table, bounds, refused);
    for (const Table* child : below(table)) {
      Bounds narrowed = bounds;
      const std::string why = narrow(table, *child, narrowed);
      visit(*child, narrowed, refused.empty() ? why : refused);
    }
  }

  void add(const Table& table, const Bounds& bounds, const std::string& refused) {
    PartitionSlice slice{table.name, 0, table.rows, bounds, refused};
    std::int64_t leaves = 0;
    for (const Table* child : below(table)) leaves += child->rows;
    if (leaves > 0) slice.rows = leaves;
    if (table.kind == TableKind::Foreign) slice.refused = "foreign tables are not created in a scratch database";
    slices_.push_back(std::move(slice));
    spare_.push_back(is_default(table));
  }

  /// Returns: why no values are known for the child; empty if they are.
  std::string narrow(const Table& parent, const Table& child, Bounds& bounds) const {
    const std::string unknown = "values for a partition " + child.bound + " of " + parent.partition_key + " are not known";
    const bool expression = std::count(parent.partition_key.begin(), parent.partition_key.end(), '(') > 1;
    if (expression || parent.partition_columns.empty()) return unknown;
    const std::string& column = parent.partition_columns.front();
    const Column* known = root_.column(column);
    if (known == nullptr) return unknown;
    ValueBounds found;
    found.type = column_type(known->type, schema_);
    bool good = false;
    if (is_default(child)) good = rest(parent, found);
    else if (goes_by(parent, "LIST")) good = list(child, found);
    else return range(parent, child, bounds) ? "" : unknown;
    if (!good) return unknown;
    put(column, found, bounds);
    return "";
  }

  static void put(const std::string& column, const ValueBounds& found, Bounds& bounds) {
    const auto outer = bounds.find(column);
    bounds[column] = outer == bounds.end() ? found : found.within(outer->second);
  }

  static bool list(const Table& child, ValueBounds& found) {
    for (const BoundDatum& datum : bound_data(child.bound, "in")) found.literals.push_back(literal_value(datum, found.type));
    // A null serves only where it is alone.
    if (found.literals.size() > 1) std::erase(found.literals, Value(std::monostate{}));
    return !found.literals.empty();
  }

  /// Columns before the first in which the bounds differ have one value; those after it have any.
  bool range(const Table& parent, const Table& child, Bounds& bounds) const {
    const auto from = bound_data(child.bound, "from"), to = bound_data(child.bound, "to");
    for (std::size_t i = 0; i < std::min({from.size(), to.size(), parent.partition_columns.size()}); ++i) {
      const Column* known = root_.column(parent.partition_columns[i]);
      ValueBounds found;
      if (known == nullptr) return false;
      found.type = column_type(known->type, schema_);
      if (!ends(from[i], to[i], found)) return false;
      const bool one = found.low && found.high && *found.low == *found.high;
      const bool rest_open = i + 1 == from.size() || from[i + 1].kind == BoundDatum::Kind::Minimum;
      if (one) ++*found.high;
      else if (!rest_open && found.low) ++*found.low;
      put(parent.partition_columns[i], found, bounds);
      if (!one) return !found.empty();
    }
    return true;
  }

  static bool ends(const BoundDatum& from, const BoundDatum& to, ValueBounds& found) {
    if (from.kind != BoundDatum::Kind::Minimum) found.low = bound_number(from.text, found.type, found.zoned);
    if (to.kind != BoundDatum::Kind::Maximum) found.high = bound_number(to.text, found.type, found.zoned);
    const bool low = found.low || from.kind == BoundDatum::Kind::Minimum, high = found.high || to.kind == BoundDatum::Kind::Maximum;
    return low && high && (found.low || found.high);
  }

  /// What is left for DEFAULT: above all others, or below them.
  bool rest(const Table& parent, ValueBounds& found) const {
    std::vector<Value> taken;
    std::optional<std::int64_t> least, most;
    bool open_below = false, open_above = false;
    for (const Table* child : below(parent)) {
      ValueBounds other;
      other.type = found.type;
      if (is_default(*child)) continue;
      if (goes_by(parent, "LIST")) {
        list(*child, other);
        taken.insert(taken.end(), other.literals.begin(), other.literals.end());
        continue;
      }
      const auto from = bound_data(child->bound, "from"), to = bound_data(child->bound, "to");
      if (from.empty() || to.empty() || !ends(from.front(), to.front(), other)) return false;
      open_below |= !other.low, open_above |= !other.high, found.zoned |= other.zoned;
      if (other.low) least = std::min(least.value_or(*other.low), *other.low);
      if (other.high) most = std::max(most.value_or(*other.high), *other.high);
    }
    if (goes_by(parent, "LIST")) return not_listed(taken, found);
    if (!open_above && most) found.low = *most + (parent.partition_columns.size() > 1 ? 1 : 0);
    else if (!open_below && least) found.high = *least;
    return found.low || found.high;
  }

  static bool not_listed(const std::vector<Value>& taken, ValueBounds& found) {
    const auto is_taken = [&](const Value& value) { return std::find(taken.begin(), taken.end(), value) != taken.end(); };
    if (found.type.kind == ValueKind::Integer) {
      std::int64_t most = 0;
      for (const Value& value : taken) most = std::max(most, std::holds_alternative<std::int64_t>(value) ? std::get<std::int64_t>(value) : 0);
      found.low = most + 1;
      return true;
    }
    if (found.type.kind != ValueKind::Text) return false;
    for (const std::string& label : found.type.labels) {
      if (!is_taken(label)) found.literals.emplace_back(label);
    }
    if (found.type.labels.empty()) found.literals.emplace_back("other");
    return !found.literals.empty() && !is_taken(found.literals.front());
  }

  /// Only the whole table's rows are known: DEFAULT gets some where there is nothing else.
  void share_out() {
    const bool known = std::any_of(slices_.begin(), slices_.end(), [](const PartitionSlice& s) { return s.rows > 0; });
    if (known || root_.rows == 0) return;
    std::vector<PartitionSlice*> takers;
    for (const bool also_default : {false, true}) {
      for (std::size_t i = 0; i < slices_.size(); ++i) {
        if (slices_[i].refused.empty() && spare_[i] == also_default) takers.push_back(&slices_[i]);
      }
      if (!takers.empty()) break;
    }
    for (std::size_t i = 0; i < takers.size(); ++i) {
      const auto n = static_cast<std::int64_t>(takers.size()), at = static_cast<std::int64_t>(i);
      takers[i]->rows = root_.rows * (at + 1) / n - root_.rows * at / n;
    }
  }

  const Table& root_;
  const Schema& schema_;
  const Children& children_;
  std::vector<PartitionSlice> slices_;
  std::vector<bool> spare_;  ///< of each slice: a DEFAULT partition
};

}  // namespace

PartitionRows::PartitionRows(const Schema& schema) {
  Children children;
  for (const Table& table : schema.tables) {
    if (!table.bound.empty() && !table.parents.empty()) children[table.parents.front()].push_back(&table);
  }
  for (const Table& root : schema.tables) {
    if (root.partition_key.empty() || !root.bound.empty()) continue;
    std::vector<PartitionSlice> slices = Shares(root, schema, children).take();
    PartitionShare& whole = shares_[root.name] = {root.name};
    for (const PartitionSlice& slice : slices) {
      whole.rows += slice.rows;
      shares_[slice.table] = {root.name, slice.first, slice.rows};
      for (const Table* leaf : children[slice.table]) shares_[leaf->name] = {root.name, slice.first, slice.rows};
    }
    slices_[root.name] = std::move(slices);
  }
}

const PartitionShare* PartitionRows::share(const std::string& table) const {
  const auto found = shares_.find(table);
  return found == shares_.end() ? nullptr : &found->second;
}

std::int64_t filled_rows(const Table& table, const PartitionRows& partitions) {
  const PartitionShare* share = partitions.share(table.name);
  return share != nullptr ? share->rows : table.rows;
}

}  // namespace midflight::backends
