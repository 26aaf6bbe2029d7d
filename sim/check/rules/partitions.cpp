#include <fmt/format.h>

#include <algorithm>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

// Source: PostgreSQL manual, "Table Partitioning"; ALTER TABLE, "ATTACH PARTITION" and "DETACH PARTITION".

namespace midflight::check {
namespace {

std::string plain(const std::string& table) { return table.substr(table.rfind('.') + 1); }

/// The values of FOR VALUES FROM (a) TO (b), for a key of one column.
struct Range {
  std::string from, to;
};

std::optional<Range> range_of(const std::string& bound) {
  const std::size_t from = bound.find("FROM ("), to = bound.find(") TO (");
  if (from == std::string::npos || to == std::string::npos || bound.back() != ')') return std::nullopt;
  Range range{bound.substr(from + 6, to - from - 6), bound.substr(to + 6, bound.size() - to - 7)};
  const bool one_value = range.from.find(',') == std::string::npos && range.to.find(',') == std::string::npos;
  const bool ends = range.from == "MINVALUE" || range.to == "MAXVALUE";
  return one_value && !ends ? std::optional(range) : std::nullopt;
}

/// "('a', 'b')" of FOR VALUES IN ('a', 'b'); empty where it has NULL, or for another bound.
std::string list_of(const std::string& bound) {
  constexpr std::string_view kBegin = "FOR VALUES IN ";
  const bool plain = bound.starts_with(kBegin) && bound.find("NULL") == std::string::npos;
  return plain ? bound.substr(kBegin.size()) : "";
}

/// What a CHECK must say for the scan to be spared: inside the bound, or outside of it.
std::string condition(const Look& look, const std::string& table, const std::string& bound, bool inside) {
  const Table* parent = look.schema.table(table);
  const auto range = range_of(bound);
  const std::string list = list_of(bound);
  const bool sayable = parent != nullptr && parent->partition_columns.size() == 1 && (range || !list.empty());
  if (!sayable) return inside ? "the key is within the bound" : "the key is not within the bound";
  const std::string column = q(parent->partition_columns.front());
  if (!range) return fmt::format("{0} IS NOT NULL AND {0}{1} IN {2}", column, inside ? "" : " NOT", list);
  if (inside) return fmt::format("{0} IS NOT NULL AND {0} >= {1} AND {0} < {2}", column, range->from, range->to);
  return fmt::format("{0} IS NOT NULL AND ({0} < {1} OR {0} >= {2})", column, range->from, range->to);
}

std::string proof_first(const Look& look, const std::string& table, const std::string& check) {
  const std::string name = q(plain(table) + "_bound");
  return fmt::format("ALTER TABLE {0} ADD CONSTRAINT {1} CHECK ({2}) NOT VALID;\n"
                     "-- then, each in a transaction of its own:\n"
                     "ALTER TABLE {0} VALIDATE CONSTRAINT {1};\n{3};",
                     q(table), name, check, look.statement.sql);
}

void attach_scan(const Look& look, Remarks& say) {
  for_each<AttachPartition>(look, [&](const AttachPartition& op) {
    if (!does(look.work, WorkKind::Scan, op.partition) || !in_use(look, op.partition)) return;
    say.push_back({fmt::format("Every row of {0} is read under AccessExclusiveLock to see that it belongs there: every query on {0} waits "
                               "until it is done.", op.partition),
                   proof_first(look, op.partition, condition(look, op.table, op.bound, true))});
  });
}

void attach_default(const Look& look, Remarks& say) {
  const auto each = [&](const std::string& table, const std::string& partition, const std::string& bound) {
    for (const std::string& name : look.schema.children(table)) {
      const Table* other = look.schema.table(name);
      if (other == nullptr || other->bound != "DEFAULT" || !does(look.work, WorkKind::Scan, name) || !in_use(look, name)) continue;
      say.push_back({fmt::format("Every row of the default partition {0} is read under AccessExclusiveLock to see that none belongs to {1}: "
                                 "every query that reaches {0} waits until it is done.", name, partition),
                     proof_first(look, name, condition(look, table, bound, false))});
    }
  };
  for_each<AttachPartition>(look, [&](const AttachPartition& op) { each(op.table, op.partition, op.bound); });
  for_each<CreateTable>(look, [&](const CreateTable& op) {
    if (!op.table.bound.empty() && !op.table.parents.empty()) each(op.table.parents.front(), op.table.name, op.table.bound);
  });
}

bool has_default(const Look& look, const std::string& table) {
  const std::vector<std::string> children = look.schema.children(table);
  return std::any_of(children.begin(), children.end(), [&](const std::string& name) {
    const Table* child = look.schema.table(name);
    return child != nullptr && child->bound == "DEFAULT";
  });
}

void detach(const Look& look, Remarks& say) {
  for_each<DetachPartition>(look, [&](const DetachPartition& op) {
    // The server refuses CONCURRENTLY beside a default partition.
    if (op.concurrently || op.finalize || !in_use(look, op.table) || has_default(look, op.table)) return;
    say.push_back({fmt::format("DETACH takes AccessExclusiveLock on {0}: it waits for every open transaction that has used {0}, and later ones "
                               "wait behind it.", op.table),
                   look.statement.sql + " CONCURRENTLY;"});
  });
}

std::string partition_by_partition(const Look& look, const CreateIndex& op) {
  const std::string name = plain(op.index.name);
  std::string out = without(op.only ? look.statement.sql : with_behind(look.statement.sql, "on", "ONLY"), "concurrently") +
                    ";\n-- then for each partition:\n";
  const std::vector<std::string> children = look.schema.children(op.index.table);
  const std::string child = children.empty() ? "..." : children.front();
  return out + fmt::format("CREATE {0}INDEX CONCURRENTLY {1} ON {2} {3};\nALTER INDEX {4} ATTACH PARTITION {1};",
                           op.index.unique ? "UNIQUE " : "", q(plain(child) + "_" + name), q(child), behind_table(op.index), q(name));
}

void index_on_partitioned(const Look& look, Remarks& say) {
  for_each<CreateIndex>(look, [&](const CreateIndex& op) {
    if (!is_partitioned(look, op.index.table) || op.concurrently || !does(look.work, WorkKind::IndexBuild)) return;
    if (!in_use(look, op.index.table)) return;
    say.push_back({fmt::format("The index is built on every partition under ShareLock, all of them kept to the end: writes to {} wait until "
                               "the last one is done. CONCURRENTLY is refused for a partitioned table.", op.index.table),
                   partition_by_partition(look, op)});
  });
}

/// Where the default partition keeps DETACH from being concurrent, or an old server a foreign key from being NOT VALID.
void refused(const Look& look, Remarks& say) {
  constexpr int kNotValidOnPartitioned = 18;
  for_each<DetachPartition>(look, [&](const DetachPartition& op) {
    if (!op.concurrently || !has_default(look, op.table)) return;
    say.push_back({fmt::format("CONCURRENTLY is refused while {} has a default partition: the migration fails (55000).", op.table),
                   fmt::format("SET lock_timeout = '2s';  -- and try again when it gives up\nALTER TABLE {} DETACH PARTITION {};", q(op.table),
                               q(op.partition))});
  });
  for_each<CreateIndex>(look, [&](const CreateIndex& op) {
    if (!op.concurrently || !is_partitioned(look, op.index.table)) return;
    say.push_back({fmt::format("CONCURRENTLY is refused for the partitioned table {}: the migration fails (0A000).", op.index.table),
                   partition_by_partition(look, op)});
  });
  for_each<AddConstraint>(look, [&](const AddConstraint& op) {
    if (op.constraint.kind != ConstraintKind::ForeignKey || op.constraint.valid || !is_partitioned(look, op.table)) return;
    if (look.dialect.version >= kNotValidOnPartitioned) return;
    say.push_back({fmt::format("A foreign key of the partitioned table {} cannot be NOT VALID before version 18: the migration fails "
                               "(42809).", op.table),
                   fmt::format("-- on each partition NOT VALID, then VALIDATE, each in a transaction of its own;\n"
                               "-- then on {} without NOT VALID: it finds those and reads no row", op.table)});
  });
}

void altered(const Look& look, Remarks& say) {
  if (!look.words.begin("alter table") || has<AttachPartition>(look) || has<DetachPartition>(look)) return;
  for (const std::string& name : locked_in_use(look, LockMode::AccessExclusiveLock)) {
    if (!is_partitioned(look, name)) continue;
    const auto heirs = static_cast<std::int64_t>(look.schema.heirs(name).size());
    if (heirs == 0 || !lock_on(look.work, look.schema.heirs(name).front())) return;
    say.push_back({fmt::format("AccessExclusiveLock on {0} and {1} partitions, one after the other and all kept: it waits for a query on any of "
                               "them while all that it has already are closed.", name, heirs),
                   ""});
    return;
  }
}

void key_without_partition_key(const Look& look, Remarks& say) {
  const auto each = [&](const Table* table, const std::vector<std::string>& columns) {
    if (table == nullptr || table->kind != TableKind::Partitioned || columns.empty()) return;
    std::vector<std::string> missing;
    for (const std::string& column : table->partition_columns) {
      if (std::find(columns.begin(), columns.end(), column) == columns.end()) missing.push_back(column);
    }
    if (missing.empty()) return;
    say.push_back({fmt::format("A unique key of {} must have {}, by which it is partitioned: the migration fails (0A000).", table->name,
                               listed(missing)),
                   fmt::format("-- UNIQUE ({}, {})", column_list(columns), column_list(missing))});
  };
  const auto is_key = [](const Constraint& c) { return c.kind == ConstraintKind::Unique || c.kind == ConstraintKind::PrimaryKey; };
  for_each<CreateIndex>(look, [&](const CreateIndex& op) {
    if (op.index.unique) each(look.schema.table(op.index.table), op.index.columns);
  });
  for_each<AddConstraint>(look, [&](const AddConstraint& op) {
    if (is_key(op.constraint) && op.using_index.empty()) each(look.schema.table(op.table), op.constraint.columns);
  });
  for_each<CreateTable>(look, [&](const CreateTable& op) {
    for (const Constraint& c : op.table.constraints) {
      if (is_key(c)) each(&op.table, c.columns);
    }
  });
}

}  // namespace

std::vector<Rule> partition_rules() {
  return {
      {.id = "attach-partition-scan",
       .severity = Severity::Danger,
       .title = "ATTACH PARTITION that reads the whole table",
       .what = "Unless a valid CHECK proves that every row is within the bound, all rows are read under AccessExclusiveLock on the table "
               "that becomes a partition.",
       .instead = "A CHECK with the bound, NOT VALID and then validated, before; drop it afterwards.",
       .concern = Concern::Time,
       .look = attach_scan,
       .bad = "ALTER TABLE visits ATTACH PARTITION visits_3 FOR VALUES FROM (200) TO (300);",
       .good = "ALTER TABLE visits_3 ADD CONSTRAINT visits_3_bound CHECK (id IS NOT NULL AND id >= 200 AND id < 300) NOT VALID;\n"
               "ALTER TABLE visits_3 VALIDATE CONSTRAINT visits_3_bound;\n"
               "ALTER TABLE visits ATTACH PARTITION visits_3 FOR VALUES FROM (200) TO (300);"},
      {.id = "attach-scans-default",
       .severity = Severity::Danger,
       .title = "ATTACH PARTITION beside a default partition",
       .what = "The default partition may hold rows that belong to the new one, so it is read as a whole under AccessExclusiveLock, unless "
               "a valid CHECK proves that it holds none.",
       .instead = "A CHECK on the default partition that excludes the bound, NOT VALID and then validated, before.",
       .concern = Concern::Time,
       .look = attach_default,
       .bad = "ALTER TABLE clicks ATTACH PARTITION clicks_2 FOR VALUES FROM (100) TO (200);",
       .good = "ALTER TABLE clicks_other ADD CONSTRAINT not_2 CHECK (id IS NOT NULL AND (id < 100 OR id >= 200)) NOT VALID;\n"
               "ALTER TABLE clicks_other VALIDATE CONSTRAINT not_2;\n"
               "ALTER TABLE clicks ATTACH PARTITION clicks_2 FOR VALUES FROM (100) TO (200);"},
      {.id = "detach-not-concurrent",
       .severity = Severity::Caution,
       .title = "DETACH PARTITION without CONCURRENTLY",
       .what = "AccessExclusiveLock on the partitioned table and the partition. It waits for every open transaction that has used one of them, and every later query "
               "waits behind it.",
       .instead = "DETACH PARTITION ... CONCURRENTLY, from version 14 on, outside a transaction and where there is no default partition.",
       .concern = Concern::Time,
       .since = 14,
       .look = detach,
       .bad = "ALTER TABLE visits DETACH PARTITION visits_1;",
       .good = "ALTER TABLE visits DETACH PARTITION visits_1 CONCURRENTLY;"},
      {.id = "index-on-partitioned-table",
       .severity = Severity::Danger,
       .title = "CREATE INDEX on a partitioned table",
       .what = "The index is built on one partition after the other, each under ShareLock that is kept to the end. CONCURRENTLY is not "
               "available.",
       .instead = "CREATE INDEX ON ONLY the partitioned table, then concurrently on each partition, attached one by one.",
       .concern = Concern::Time,
       .look = index_on_partitioned,
       .bad = "CREATE INDEX visits_day_idx ON visits (day);",
       .good = "CREATE INDEX visits_day_idx ON ONLY visits (day);\nCREATE INDEX CONCURRENTLY visits_1_day_idx ON visits_1 (day);\n"
               "CREATE INDEX CONCURRENTLY visits_2_day_idx ON visits_2 (day);\n"
               "ALTER INDEX visits_day_idx ATTACH PARTITION visits_1_day_idx;\n"
               "ALTER INDEX visits_day_idx ATTACH PARTITION visits_2_day_idx;"},
      {.id = "refused-on-partitioned-table",
       .severity = Severity::Danger,
       .title = "What PostgreSQL refuses for a partitioned table",
       .what = "CREATE INDEX CONCURRENTLY is refused for every partitioned table, DETACH CONCURRENTLY for one with a default partition, "
               "and before version 18 a foreign key that is NOT VALID. The migration fails.",
       .instead = "Partition by partition, or without CONCURRENTLY and with a short lock_timeout.",
       .concern = Concern::Refusal,
       .look = refused,
       .bad = "CREATE INDEX CONCURRENTLY visits_day_idx ON visits (day);",
       .good = "CREATE INDEX visits_day_idx ON ONLY visits (day);\nCREATE INDEX CONCURRENTLY visits_1_day_idx ON visits_1 (day);\n"
               "ALTER INDEX visits_day_idx ATTACH PARTITION visits_1_day_idx;"},
      {.id = "partitioned-table-altered",
       .severity = Severity::Note,
       .title = "ALTER TABLE of a partitioned table locks every partition",
       .what = "AccessExclusiveLock is taken on the partitioned table and on each partition in turn and kept: a query on the last of them "
               "holds up all.",
       .instead = "A short lock_timeout with more tries.",
       .concern = Concern::Time,
       .look = altered,
       .bad = "ALTER TABLE visits ADD COLUMN agent text;",
       .good = "ALTER TABLE orders ADD COLUMN agent text;"},
      {.id = "partition-key-not-in-key",
       .severity = Severity::Danger,
       .title = "A unique key of a partitioned table without its partition key",
       .what = "PostgreSQL keeps keys unique partition by partition and refuses one that does not have all columns of the partition key.",
       .instead = "Add the partition key's columns to it.",
       .concern = Concern::Refusal,
       .look = key_without_partition_key,
       .bad = "CREATE TABLE readings (id bigint PRIMARY KEY, at date) PARTITION BY RANGE (at);",
       .good = "CREATE TABLE readings (id bigint, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);"},
  };
}

}  // namespace midflight::check
