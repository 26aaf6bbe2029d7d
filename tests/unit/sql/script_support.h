#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "sim/sql/script.h"

namespace midflight::sql::testing {

/// A piece without its views, which end with the reader.
struct ReadPiece : ScriptPiece {
  std::string text;
};

inline std::vector<ReadPiece> pieces_of(const std::string& bytes) {
  ScriptReader reader(bytes, "f.sql");
  std::vector<ReadPiece> pieces;
  for (const ScriptPiece& piece : all_pieces(reader)) pieces.push_back({piece, std::string(piece.text)});
  return pieces;
}

inline std::string kind_name(PieceKind kind) {
  constexpr std::string_view names[] = {"statement", "unreadable", "meta", "rows", "note"};
  return std::string(names[static_cast<std::size_t>(kind)]);
}

/// "statement 1:1 SELECT 1|meta 2:1 \i x.sql": the pieces in one line.
inline std::string told(const std::vector<ReadPiece>& pieces) {
  std::string all;
  for (const ReadPiece& piece : pieces) {
    std::string text = piece.text;
    std::replace_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    all += (all.empty() ? "" : "|") + kind_name(piece.kind) + " " + std::to_string(piece.where.line) + ":" +
           std::to_string(piece.where.column) + (text.empty() ? "" : " ") + text;
  }
  return all;
}

}  // namespace midflight::sql::testing
