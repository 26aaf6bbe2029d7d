#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/sql/rewrite.h"
#include "sim/sql/tree.h"

/// The two halves of rewrite().  Internal to this room.

namespace midflight::sql {

/// One statement while it is rewritten.
struct Rewriting {
  const Statement& statement;
  const ColumnMapping& mapping;
  const Schema& schema;
  Tree tree;
  std::vector<std::unique_ptr<Tree>> templates;  ///< own the nodes that expressions from text brought

  Node* root() const { return tree.statement(0); }
  Arena& arena() { return tree.arena(); }
  bool writes_both() const { return mapping.write_from && mapping.write_to; }
  /// Errors: always; Error(NotSupported) that names the statement.
  [[noreturn]] void refuse(const std::string& why) const;
  /// The node of an expression given as text.
  Node* expression(const std::string& sql);
};

/// Columns that are read, output names kept where the mapping says so.
void rewrite_reads(Rewriting& work);
/// Columns that are assigned: INSERT, UPDATE and ON CONFLICT DO UPDATE.
void rewrite_writes(Rewriting& work);
/// True when a statement under WITH or at the top writes the mapped table.
bool is_target(const PgQuery__RangeVar* relation, const ColumnMapping& mapping);

}  // namespace midflight::sql
