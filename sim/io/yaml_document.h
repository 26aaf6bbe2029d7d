#pragma once

#include <yaml-cpp/node/impl.h>
#include <yaml-cpp/node/node.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/kernel/error.h"

namespace midflight::io {

class Value;

/// A YAML text that is being read: its nodes, the values that override some of
/// them, and every problem found so far.
///
/// Reading goes on after a problem, so that the user hears of all at once;
/// throw_problems() ends it.
/// Scope: internal to this room; yaml-cpp is seen nowhere else.
class Document {
 public:
  using Overrides = std::map<std::string, std::string, std::less<>>;

  /// Errors: Error(BadInput) with the place of the first syntax error; for an
  ///         empty text, several documents, or more than 64 levels of nesting
  ///         or 500,000 values (which a few lines of aliases can stand for).
  Document(std::string_view text, std::string file, Overrides overrides = {});

  Value root();
  const std::string& file() const { return file_; }

  void add(Position where, std::string message);
  /// A key that a later version will understand.
  void add_reserved(Position where, std::string message);
  void add(const Error& error);
  /// Errors: Error with every problem, in the order of the file; NotSupported
  ///         when nothing but reserved keys is wrong.
  void throw_problems();

 private:
  friend class Value;

  std::string_view line(int number) const;

  std::string file_;
  std::string text_;
  std::vector<std::size_t> line_starts_;
  YAML::Node root_;
  Overrides overrides_;
  std::vector<std::string> used_overrides_;
  std::vector<std::string> paths_;  ///< that an override could have named
  std::vector<Problem> problems_;
  bool only_reserved_ = true;
};

/// One value of a document with its place and its path ("app.instances").
///
/// Requires: the document outlives it.
class Value {
 public:
  Value(Document& document, YAML::Node node, Position where, std::string path);
  Value(const Value&) = default;
  /// Assigning a YAML node would write into the document.
  Value& operator=(const Value&) = delete;

  Document& document() const { return *document_; }
  const std::string& path() const { return path_; }
  const Position& where() const { return where_; }

  bool is_null() const { return node_.IsNull(); }
  bool is_scalar() const { return node_.IsScalar(); }
  bool is_list() const { return node_.IsSequence(); }
  bool is_map() const { return node_.IsMap(); }
  /// A scalar without quotes, which may mean a number.
  bool is_plain() const { return is_null() || (is_scalar() && node_.Tag() == "?"); }

  /// Records "`app.instances` <message>" at this place.
  void problem(std::string_view message) const;
  /// The text of a scalar, empty if it is none.
  const std::string& text() const;

  /// The entries of a map in order, duplicates included, and those that only
  /// an override adds.
  std::vector<std::pair<Value, Value>> entries() const;
  /// The items of a list.
  std::vector<Value> items() const;
  /// The same value under another path; an override of that path replaces it.
  Value named(std::string path) const;

  /// The place in the file of line and column of the scalar's own text.
  /// Exact for text on one line and for literal blocks; elsewhere the place
  /// where the scalar begins.
  Position place_in_text(int line, int column) const;

 private:
  Value child(const YAML::Node& node, const Position& fallback, std::string path) const;
  bool overridden() const { return where_.line == 0; }

  Document* document_;
  YAML::Node node_;
  Position where_;
  std::string path_;
};

}  // namespace midflight::io
