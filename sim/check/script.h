#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/check/finding.h"
#include "sim/check/session.h"
#include "sim/model/statement.h"

namespace midflight::check {

/// One statement of a script, or what stands in its place and cannot be read.
struct Piece {
  Span where;
  std::optional<Statement> statement;  ///< none: `problem` says why
  std::string problem;
  std::string comments;                ///< those before the statement and inside it
};

/// One migration as check takes it in.
struct Script {
  std::string path;
  std::string text;                    ///< the file, for excerpts
  std::vector<Piece> pieces;
  Wrapping wrapping = Wrapping::EachStatement;
};

/// A script from plain SQL, split and parsed.
Script script_of(std::string text, const std::string& path, Wrapping wrapping = Wrapping::EachStatement);

}  // namespace midflight::check
