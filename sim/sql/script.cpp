#include "sim/sql/script.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/model/sql_lexer.h"
#include "sim/sql/encoding.h"
#include "sim/sql/nesting.h"
#include "sim/sql/psql.h"
#include "sim/sql/statement_end.h"
#include "sim/sql/statements.h"
#include "sim/sql/tree.h"

namespace midflight::sql {
namespace {

constexpr std::size_t kNone = StatementText::kNone;
// The parse tree of a statement takes up to 150 times its text.
constexpr std::size_t kStatementBytesMax = 2 * 1024 * 1024;
// Behind something unreadable the text is read again; never more than this many times over.
constexpr std::size_t kRereadsMax = 4;

/// "quote" or "comment", after what was opened at `at`.
std::string unterminated_message(std::string_view text, std::size_t at) {
  const std::string_view two = text.substr(at, 2);
  if (two == "/*") return "this comment has no end";
  if (text[at] == '$') return fmt::format("the text that begins with {} has no end", text.substr(at, text.find('$', at + 1) + 1 - at));
  return text[at] == '"' ? "this quoted name has no end" : "this quoted text has no end";
}

std::string one_per_line(const std::vector<std::string_view>& comments) {
  std::string all;
  for (const std::string_view comment : comments) all.append(all.empty() ? "" : "\n").append(comment);
  return all;
}

}  // namespace

class ScriptReader::Reading {
 public:
  Reading(std::string bytes, const std::string& file)
      : file_(file), decoded_(decode(std::move(bytes))), text_(decoded_.text), places_(text_, {file, 1, 1}) {
    left_out_ = !decoded_.is_text;
  }

  std::optional<ScriptPiece> next(const Surroundings& around) {
    if (!decoded_.note.empty()) return file_note(std::exchange(decoded_.note, ""));
    if (blocks_ > 0) return rows();
    const StatementText found = find_statement(text_, at_);
    const std::size_t wrong = comments_are_checked_ ? kNone : wrong_byte_in_comments(found);
    if (wrong != kNone) return comment_note(wrong);
    if (found.kind == StatementText::Kind::Nothing) return std::nullopt;
    if (found.kind == StatementText::Kind::MetaCommand) return meta_command(found);
    return statement(found, around);
  }

  std::string_view text() const { return text_; }
  std::string take_text() { return std::move(decoded_.text); }

 private:
  ScriptPiece file_note(std::string message) {
    ScriptPiece piece;
    piece.kind = left_out_ ? PieceKind::Unreadable : PieceKind::Note;
    piece.where = piece.message_at = left_out_ ? places_.at(at_) : Position{file_, 1, 1};
    piece.end_line = piece.where.line;
    piece.end_column = piece.where.column;
    piece.message = std::move(message);
    return piece;
  }

  /// A byte outside statements that no server takes, though it is only a comment.
  std::size_t wrong_byte_in_comments(const StatementText& found) const {
    for (const std::string_view comment : found.comments) {
      const std::size_t wrong = std::min(comment.find('\0'), first_not_utf8(comment));
      if (wrong != kNone) return offset_in(text_, comment) + wrong;
    }
    return kNone;
  }

  /// Said once per file.
  ScriptPiece comment_note(std::size_t wrong) {
    comments_are_checked_ = true;
    ScriptPiece piece = file_note("a comment holds bytes that are not UTF-8: a server that gets it refuses the script");
    piece.message_at = position_in(text_, wrong, {file_, 1, 1});
    return piece;
  }

  ScriptPiece begin_piece(PieceKind kind, const StatementText& found) {
    ScriptPiece piece;
    piece.kind = kind;
    piece.where = piece.message_at = places_.at(found.begin);
    piece.begin = found.begin;
    piece.comments = one_per_line(found.comments);
    return piece;
  }

  /// Requires: nothing behind `end` has been asked for.  Reading goes on at `next`.
  void end_piece(ScriptPiece& piece, std::size_t end, std::size_t next) {
    const Position& place = places_.at(end);
    piece.end = end;
    piece.end_line = place.line;
    piece.end_column = place.column;
    piece.text = text_.substr(piece.begin, end - piece.begin);
    at_ = next;
  }

  ScriptPiece meta_command(const StatementText& found) {
    ScriptPiece piece = begin_piece(PieceKind::MetaCommand, found);
    end_piece(piece, found.end, found.next);
    piece.message = meta_command_message(piece.text);
    piece.harmless = is_harmless(piece.text);
    blocks_ = found.rows_follow ? 1 : 0;
    return piece;
  }

  ScriptPiece rows() {
    --blocks_;
    StatementText found;
    found.begin = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
    const std::size_t end = after_rows(text_, at_);
    ScriptPiece piece = begin_piece(end == kNone ? PieceKind::Unreadable : PieceKind::CopyData, found);
    if (end == kNone) {
      blocks_ = 0;
      piece.message = "the rows of this COPY have no end: a line \\. is missing";
      found.next = text_.size();
      return give_up(piece, found, kNone);
    }
    end_piece(piece, end, end);
    return piece;
  }

  ScriptPiece statement(const StatementText& found, const Surroundings& around) {
    ScriptPiece piece = begin_piece(PieceKind::Unreadable, found);
    if (found.unterminated != kNone) {
      piece.message = unterminated_message(text_, found.unterminated);
      piece.message_at = position_in(text_.substr(found.begin), found.unterminated - found.begin, piece.where);
      return give_up(piece, found, kNone);
    }
    if (found.end - found.begin > kStatementBytesMax) {
      piece.message = fmt::format("this statement is larger than {} MB", kStatementBytesMax / (1024 * 1024));
      return give_up(piece, found, kNone);
    }
    if (found.meta_command != kNone) {
      piece.message = "there is a psql meta-command inside this statement: what the statement says is not known here";
      piece.message_at = position_in(text_.substr(found.begin), found.meta_command - found.begin, piece.where);
    } else if (!parse_into(piece, text_.substr(found.begin, found.end - found.begin), around)) {
      return unparsed(piece, found, around);
    }
    end_piece(piece, found.end, found.next);
    joined_blocks_ += found.rows_follow ? 1 : 0;
    if (found.is_sent) blocks_ = std::exchange(joined_blocks_, 0);
    return piece;
  }

  /// Returns: false, with the message, when the grammar refuses the text.
  static bool parse_into(ScriptPiece& piece, std::string_view text, const Surroundings& around) {
    try {
      std::vector<Statement> statements = parse_under(text, piece.where, around);
      if (statements.size() == 1) {
        piece.statement = std::move(statements.front());
        piece.kind = PieceKind::Statement;
        piece.message.clear();
        return true;
      }
      piece.message = "it cannot be told where this statement ends";
    } catch (const Error& error) {
      piece.message = error.problems().front().message;
      piece.message_at = error.problems().front().where;
    }
    return false;
  }

  ScriptPiece unparsed(ScriptPiece& piece, const StatementText& found, const Surroundings& around) {
    const std::string_view text = text_.substr(found.begin, found.end - found.begin);
    const Placeholder placeholder = find_placeholder(text);
    if (!placeholder.message.empty()) {
      piece.message = placeholder.message;
      piece.message_at = position_in(text, placeholder.at, piece.where);
      return give_up(piece, found, kNone);
    }
    const std::size_t wrong = found.begin + byte_of(text, piece.where, piece.message_at);
    const bool may_begin = wrong > found.begin && next_begin(text_, found, wrong) == wrong;
    if (may_begin && unended(piece, text_.substr(found.begin, wrong - found.begin), around)) return give_up(piece, found, wrong);
    return give_up(piece, found, kNone);
  }

  /// Two statements without a semicolon between them: the first may be fine.
  static bool unended(ScriptPiece& piece, std::string_view first, const Surroundings& around) {
    ScriptPiece alone = piece;
    if (!parse_into(alone, first, around)) return false;
    alone.message = "a semicolon is missing before this word";
    piece = std::move(alone);
    return true;
  }

  /// Ends a piece that could not be read, and goes on where the next seems to begin.
  ScriptPiece give_up(ScriptPiece& piece, const StatementText& found, std::size_t next) {
    if (next == kNone) next = next_begin(text_, found, kNone);
    if (next == kNone) next = found.next;
    reread_ += found.next - next;
    const std::size_t last = text_.find_last_not_of(" \t\r\n\f\v;", next - 1);
    const std::size_t end = next == found.next && found.end > found.begin ? found.end : last + 1;
    end_piece(piece, std::max(std::min(end, next), found.begin), next);
    if (reread_ > kRereadsMax * text_.size()) {
      decoded_.note = "too much of this file cannot be read: the rest of it is left out";
      left_out_ = true;
      at_ = text_.size();
    }
    return std::move(piece);
  }

  /// The byte of a place inside a text whose first character is at `where`.
  static std::size_t byte_of(std::string_view text, const Position& where, const Position& place) {
    PlaceFinder finder(text, where);
    for (std::size_t byte = 0; byte < text.size(); ++byte) {
      const Position& here = finder.at(byte);
      if (here.line == place.line && here.column == place.column) return byte;
    }
    return text.size();
  }

  std::string file_;
  DecodedText decoded_;
  std::string_view text_;
  PlaceFinder places_;
  std::size_t at_ = 0, reread_ = 0;
  int blocks_ = 0, joined_blocks_ = 0;   ///< of rows: to come now, and once the joined statements are sent
  bool comments_are_checked_ = false, left_out_ = false;
};

ScriptReader::ScriptReader(std::string bytes, const std::string& file)
    : reading_(std::make_unique<Reading>(std::move(bytes), file)) {}
ScriptReader::~ScriptReader() = default;

std::optional<ScriptPiece> ScriptReader::next(const Surroundings& around) { return reading_->next(around); }
std::string_view ScriptReader::text() const { return reading_->text(); }
std::string ScriptReader::take_text() { return reading_->take_text(); }

std::vector<ScriptPiece> all_pieces(ScriptReader& reader) {
  std::vector<ScriptPiece> pieces;
  while (std::optional<ScriptPiece> piece = reader.next()) pieces.push_back(std::move(*piece));
  return pieces;
}

}  // namespace midflight::sql
