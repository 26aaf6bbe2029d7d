#pragma once

#include <pg_query.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pg_query/pg_query.pb-c.h"
#include "sim/kernel/error.h"

/// PostgreSQL's parse tree as C structs, owned and walked.
///
/// Internal to this room: no other header may include it.

namespace midflight::sql {

using Node = PgQuery__Node;

/// Memory of a tree.  Everything lives until the arena ends, so parts of a tree
/// may be shared, moved and replaced freely.
class Arena {
 public:
  void* allocate(std::size_t bytes);
  /// A fresh message with its defaults.  Requires: T is the struct of `descriptor`.
  template <class T>
  T* make(const ProtobufCMessageDescriptor& descriptor) {
    void* memory = allocate(descriptor.sizeof_message);
    protobuf_c_message_init(&descriptor, memory);
    return static_cast<T*>(memory);
  }
  char* text(std::string_view text);
  /// An array with one more element behind those of the old one.
  template <class T>
  void append(T**& array, std::size_t& count, T* element) {
    auto** grown = static_cast<T**>(allocate((count + 1) * sizeof(T*)));
    for (std::size_t i = 0; i < count; ++i) grown[i] = array[i];
    grown[count++] = element;
    array = grown;
  }
  /// A deep copy.
  Node* copy(const Node* node);

 private:
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::size_t used_ = 0, size_ = 0;
};

/// The parsed statements of a text.
class Tree {
 public:
  /// Errors: Error(BadInput) with the place of the mistake, for any bytes.
  Tree(std::string_view text, const Position& where);

  std::size_t size() const { return root_->n_stmts; }
  Node* statement(std::size_t i) const { return root_->stmts[i]->stmt; }
  /// The text of a statement without surrounding blanks, comments and semicolon.
  std::string_view sql(std::size_t i) const;
  std::string_view text() const { return text_; }
  Arena& arena() { return arena_; }

 private:
  Arena arena_;
  std::string text_;
  PgQuery__ParseResult* root_ = nullptr;
};

/// Finds places of a text from its start to its end.
/// Cost: each byte is looked at once, however many places are asked for.
class PlaceFinder {
 public:
  PlaceFinder(std::string_view text, const Position& where);
  /// Requires: `byte` is not before that of the last call.
  const Position& at(std::size_t byte);

 private:
  std::string_view text_;
  std::size_t done_ = 0;
  Position place_;
};

/// The place of a byte of `text` whose first character is at `where`.
Position position_in(std::string_view text, std::size_t byte, const Position& where);

/// A statement printed as SQL.
std::string statement_text(Node* statement);
/// An expression printed as SQL.
std::string expression_text(const Node* expression);

/// Calls `visit` with every message directly below.
void for_each_child(const ProtobufCMessage& message, const std::function<void(ProtobufCMessage&)>& visit);
/// Calls `visit` with the message and all below, parents first.
void for_each_message(ProtobufCMessage& message, const std::function<void(ProtobufCMessage&)>& visit);

/// The struct behind a message if it is of the descriptor's type, else null.
template <class T>
T* as(ProtobufCMessage& message, const ProtobufCMessageDescriptor& descriptor) {
  return message.descriptor == &descriptor ? reinterpret_cast<T*>(&message) : nullptr;
}

/// Objects of this kind are relations: they share their names, and locks are taken on them.
bool is_relation(PgQuery__ObjectType type);
/// A relation's name: "users", "audit.log"; without "public.".
std::string relation_name(const PgQuery__RangeVar& relation);
/// Names of a dotted list of String nodes, last first dropped "public": {"audit", "log"} becomes "audit.log".
std::string dotted_name(Node* const* names, std::size_t count);
/// The text of a String node; empty for anything else.
std::string string_of(const Node* node);
std::vector<std::string> strings_of(Node* const* nodes, std::size_t count);

/// A column reference's parts: qualifier ("" without one), name, and whether it ends in a star.
struct ColumnName {
  std::string qualifier, name;
  bool star = false;
};
ColumnName column_name(const PgQuery__ColumnRef& reference);

/// Columns an expression names, in order, each once.
std::vector<std::string> columns_in(const Node* expression);

/// Adds an element unless it is there already.
void add_once(std::vector<std::string>& list, const std::string& element);

}  // namespace midflight::sql
