#include <algorithm>
#include <cmath>

#include "sim/cost/profile.h"

// Source: least effort by rows or by bytes, whichever is slower; see README.md
//         for where the rates come from.
// Scope:  the server is idle otherwise and the table is warm: no cold reads, no
//         memory limit of a sort, no replication lag.

namespace midflight::cost {
namespace {

struct Size {
  double rows = 0, bytes = 0;
};

Size size_of(const std::string& relation, const Schema& schema) {
  const Table* table = schema.base_table(relation);
  if (!table) return {};
  const double rows = static_cast<double>(table->rows);
  return {rows, rows * static_cast<double>(table->row_bytes)};
}

double scan_seconds(const Size& size, const Profile& p) {
  return std::max(size.rows / p.scan_rows_per_s, size.bytes / p.scan_bytes_per_s);
}

/// Each index reads the table, and then sorts what it has read.
double index_seconds(const Size& size, int indexes, const Work& work, const Profile& p) {
  const int others = indexes - work.text_indexes - work.keys;
  const double sorting = others / p.index_rows_per_s + work.text_indexes / p.index_text_rows_per_s + work.keys / p.index_key_rows_per_s;
  return indexes * scan_seconds(size, p) + size.rows * sorting;
}

double rewrite_seconds(const Work& work, const Size& size, const Profile& p) {
  const double copy = std::max(size.rows / p.rewrite_rows_per_s, size.bytes / p.rewrite_bytes_per_s);
  const double drawn = size.rows * work.uuids / p.uuid_rows_per_s;
  return copy + drawn + index_seconds(size, work.indexes, work, p);
}

double update_seconds(const Work& work, const Size& size, const Profile& p) {
  const double rows = work.rows == kAllRows ? size.rows : static_cast<double>(work.rows);
  const double bytes = size.rows > 0 ? size.bytes * rows / size.rows : 0;
  // A PostgreSQL UPDATE writes one entry into each index for each row.
  const double entries = p.update_index_share * (work.indexes - work.keys) + p.update_key_share * work.keys;
  return rows / p.update_rows_per_s * (1 + entries) + bytes / p.update_bytes_per_s;
}

/// The rows of the other table go into a hash table, then those of the one are
/// looked up there, in no order: the larger it is, the less of it is in caches.
/// The shape of that was measured; see README.md.
double lookup_seconds(const Work& work, const Size& size, const Schema& schema, const Profile& p) {
  if (work.looked_up.empty()) return 0;
  const Size other = size_of(work.looked_up, schema);
  const double halves = other.rows / p.foreign_key_near_rows, weight = halves * std::sqrt(halves);
  const double far = weight / (1 + weight);
  const double each = (1 - far) / p.foreign_key_rows_per_s + far / p.foreign_key_far_rows_per_s;
  // A row that is put there touches one place, its bucket; one that is looked up touches that of its partner too.
  return scan_seconds(other, p) + (size.rows + other.rows / 2) * each;
}

double check_seconds(const Work& work, const Size& size, const Profile& p) {
  return work.against_index ? size.rows / p.index_check_rows_per_s : 0;
}

double work_seconds(const Work& work, const Schema& schema, const Profile& p) {
  const Size size = size_of(work.relation, schema);
  switch (work.kind) {
    case WorkKind::Metadata: return p.metadata_s;
    case WorkKind::Scan: return p.metadata_s + scan_seconds(size, p) + lookup_seconds(work, size, schema, p) + check_seconds(work, size, p);
    case WorkKind::Rewrite: return p.metadata_s + rewrite_seconds(work, size, p);
    case WorkKind::IndexBuild: return p.metadata_s + index_seconds(size, 1, work, p);
    case WorkKind::Update: return update_seconds(work, size, p);
  }
  return 0;
}

Distribution around(double seconds, const Profile& p) {
  if (p.spread <= 0 || seconds <= 0) return {Distribution::Kind::Constant, std::max(seconds, 0.0), 0};
  return {Distribution::Kind::Lognormal, seconds, p.spread};
}

}  // namespace

Distribution duration(const Work& work, const Schema& schema, const Profile& profile) {
  return around(work_seconds(work, schema, profile), profile);
}

Duration removal(const Work& work, const Schema& schema, const Profile& profile) {
  if (work.kind != WorkKind::Rewrite || profile.removal_bytes_per_s <= 0) return {};
  return Duration::from_seconds(size_of(work.relation, schema).bytes / profile.removal_bytes_per_s);
}

Distribution batch_duration(std::int64_t rows, std::int64_t row_bytes, const Profile& profile) {
  const double count = static_cast<double>(rows), bytes = count * static_cast<double>(row_bytes);
  return around(profile.batch_s + count / profile.batch_rows_per_s + bytes / profile.update_bytes_per_s + profile.commit_s, profile);
}

}  // namespace midflight::cost
