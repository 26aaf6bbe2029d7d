#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/model/schema.h"
#include "sim/model/statement.h"
#include "sim/sql/statements.h"

namespace midflight::sql {

enum class PieceKind : std::uint8_t {
  Statement,    ///< parsed; `message` is set where it has a flaw that hides nothing (no semicolon before the next one)
  Unreadable,   ///< stands for a statement that cannot be parsed; `message` says why
  MetaCommand,  ///< a line for psql; `message` says what it means for what follows
  CopyData,     ///< the rows behind COPY ... FROM stdin
  Note,         ///< about the whole file: how it is encoded, that its rest is left out
};

/// One statement of a script, or what stands in its place.
struct ScriptPiece {
  PieceKind kind = PieceKind::Statement;
  Position where;                      ///< its first character
  int end_line = 0, end_column = 0;    ///< behind its last character, without the semicolon
  std::size_t begin = 0, end = 0;      ///< the same in bytes of ScriptReader::text()
  std::string_view text;               ///< points into ScriptReader::text()
  std::string comments;                ///< those before it, inside it, and behind it on its last line; one per line
  std::optional<Statement> statement;
  bool harmless = false;               ///< of a MetaCommand: nothing around it means anything else because of it
  std::string message;                 ///< a sentence without full stop
  Position message_at;                 ///< what exactly the message is about
};

/// Reads a script as people write them: statement by statement, past whatever
/// is wrong with one of them.
///
/// A statement ends at a semicolon outside quotes, comments, brackets and
/// BEGIN ATOMIC bodies, or where psql would send it.  Each is parsed by itself.
/// When one cannot be read, reading goes on behind it; a quote that was never
/// closed does not swallow the rest: a line that begins like a statement, below
/// a line that ends with a semicolon, is one.
///
/// Owns:    the text; pieces point into it.
/// Errors:  none, for any bytes: all that is wrong becomes a piece.
/// Cost:    linear in the text; memory is a small multiple of it, however many
///          statements it has, as long as the caller lets pieces go.
class ScriptReader {
 public:
  /// `bytes` may be UTF-8 (with or without a byte order mark) or UTF-16, which is converted.
  ScriptReader(std::string bytes, const std::string& file);
  ~ScriptReader();
  ScriptReader(const ScriptReader&) = delete;
  ScriptReader& operator=(const ScriptReader&) = delete;

  /// The next piece in order, or nothing at the end.  `around` is as it stands before this statement.
  std::optional<ScriptPiece> next(const Surroundings& around = {});

  /// The text as UTF-8, as places and pieces count in it.
  std::string_view text() const;
  /// The same, given away.  Requires: nothing else is asked afterwards, and no piece is looked at.
  std::string take_text();

 private:
  class Reading;
  std::unique_ptr<Reading> reading_;
};

/// All pieces of a script at once.  Requires: `reader` outlives them.
std::vector<ScriptPiece> all_pieces(ScriptReader& reader);

}  // namespace midflight::sql
