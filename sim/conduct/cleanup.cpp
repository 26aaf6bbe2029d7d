#include "sim/conduct/cleanup.h"

#include "sim/sql/render.h"

namespace midflight::conduct {

namespace {

/// An index lies where its table lies; CREATE INDEX names it without that.
std::string where_it_lies(const Index& index) {
  const std::size_t dot = index.table.find('.');
  const bool bare = dot != index.table.npos && index.name.find('.') == index.name.npos;
  return sql::relation(bare ? index.table.substr(0, dot + 1) + index.name : index.name);
}

}  // namespace

std::optional<Statement> cleanup_of(const Statement& failed) {
  if (failed.operations.size() != 1) return std::nullopt;
  const auto* create = std::get_if<CreateIndex>(&failed.operations.front());
  if (create == nullptr || !create->concurrently || create->if_not_exists || create->index.name.empty()) return std::nullopt;
  Statement drop;
  drop.sql = "DROP INDEX CONCURRENTLY IF EXISTS " + where_it_lies(create->index);
  drop.where = failed.where;
  drop.kind = StatementKind::Ddl;
  drop.operations = {DropIndex{create->index.name, true, true}};
  drop.refuses_transaction = true;
  return drop;
}

namespace {

constexpr const char* kInvalid = ": no query uses it and every write keeps it up until it is dropped";

std::string left_by(const DropIndex& drop) {
  return drop.concurrently ? "; " + drop.index + " may be left invalid" + kInvalid : "";
}

std::string left_by(const Reindex& reindex) {
  return reindex.concurrently ? std::string("; an invalid index named like its original with _ccnew or _ccold may be left") + kInvalid : "";
}

std::string left_by(const DetachPartition& detach) {
  if (!detach.concurrently) return "";
  return "; " + detach.partition + " may be left pending detach: no query of " + detach.table + " sees its rows until ALTER TABLE " +
         sql::relation(detach.table) + " DETACH PARTITION " + sql::relation(detach.partition) + " FINALIZE";
}

}  // namespace

std::string what_may_be_left(const Statement& failed) {
  if (const std::optional<Statement> cleanup = cleanup_of(failed)) return "; " + cleanup->sql + " removes an invalid index that it may have left";
  if (failed.operations.size() != 1) return "";
  const Operation& operation = failed.operations.front();
  if (const auto* drop = std::get_if<DropIndex>(&operation)) return left_by(*drop);
  if (const auto* reindex = std::get_if<Reindex>(&operation)) return left_by(*reindex);
  const auto* detach = std::get_if<DetachPartition>(&operation);
  return detach != nullptr ? left_by(*detach) : "";
}

}  // namespace midflight::conduct
