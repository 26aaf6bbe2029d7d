#include "sim/run/half_done.h"

#include <utility>


namespace midflight {
namespace {

std::string invalid(const std::string& index) { return "an invalid index " + index; }

std::string left_by(const CreateIndex& create, Schema& schema) {
  if (!create.concurrently || schema.index(create.index.name) != nullptr) return "";
  CreateIndex half = create;
  half.index.valid = false;
  return midflight::apply(half, schema).empty() ? invalid(create.index.name) : "";
}

Index* index_of(Schema& schema, const std::string& relation) {
  for (Table& table : schema.tables) {
    for (Index& index : table.indexes) {
      if (index.name == relation || index.relation() == relation) return &index;
    }
  }
  return nullptr;
}

std::string left_by(const DropIndex& drop, Schema& schema) {
  Index* index = drop.concurrently ? index_of(schema, drop.index) : nullptr;
  return index != nullptr && std::exchange(index->valid, false) ? invalid(drop.index) : "";
}

std::string left_by(const DetachPartition& detach, Schema& schema) {
  Table* partition = detach.concurrently ? schema.table(detach.partition) : nullptr;
  if (partition == nullptr) return "";
  partition->detach_pending = true;
  return detach.partition + " pending detach";
}

/// A transient index beside its original: unseen by queries, kept up by every write.
void add_transient(const std::string& relation, const std::string& suffix, Schema& schema) {
  const Index* original = index_of(schema, relation);
  if (original == nullptr || schema.index(original->name + suffix) != nullptr) return;
  Index transient = *original;
  transient.name += suffix;
  transient.parent.clear();
  transient.valid = transient.constraint = transient.clustered = false;
  schema.table(original->table)->indexes.push_back(transient);
}

// The phases of one relation: the new indexes are committed behind the first; in the
// last two they have changed names with the old ones.
std::string left_by_reindex(const std::vector<Phase>& phases, std::size_t phase, Schema& schema) {
  std::size_t first = phase, end = phase + 1;
  while (first > 0 && !phases[first].new_transaction) --first;
  while (end < phases.size() && !phases[end].new_transaction) ++end;
  if (phase == first) return "";
  const std::string suffix = phase + 2 >= end ? "_ccold" : "_ccnew";
  std::string left;
  for (std::size_t i = 1; i < phases[first].locks.size(); ++i) {  // the table's own lock is the first
    const std::string& relation = phases[first].locks[i].relation;
    add_transient(relation, suffix, schema);
    left += (left.empty() ? "" : " and ") + invalid(relation + suffix);
  }
  return left;
}

}  // namespace

std::string leave_half_done(const Statement& statement, const std::vector<Phase>& phases, std::size_t phase, Schema& schema) {
  if (statement.operations.size() != 1 || phase == 0 || phase >= phases.size()) return "";
  const Operation& operation = statement.operations.front();
  if (const auto* create = std::get_if<CreateIndex>(&operation)) return left_by(*create, schema);
  if (const auto* drop = std::get_if<DropIndex>(&operation)) return left_by(*drop, schema);
  if (const auto* detach = std::get_if<DetachPartition>(&operation)) return left_by(*detach, schema);
  const auto* reindex = std::get_if<Reindex>(&operation);
  return reindex != nullptr && reindex->concurrently ? left_by_reindex(phases, phase, schema) : "";
}

}  // namespace midflight
