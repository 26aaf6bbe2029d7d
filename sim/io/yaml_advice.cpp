#include "sim/io/yaml_advice.h"

#include <fmt/core.h>
#include <yaml-cpp/exceptions.h>

#include <algorithm>
#include <array>

namespace midflight::io {
namespace {

namespace Says = YAML::ErrorMsg;

constexpr std::string_view kTab = "a tab indents this line; YAML is indented with spaces alone";
constexpr std::string_view kBlockText = "after `|` and `>` the text begins on the next line, indented further than its name";
constexpr std::string_view kTag = "`!` begins a tag; text that begins with it needs quotes";
constexpr std::string_view kAlias = "`*` asks for a value that is marked with `&` further up; text that begins with it needs quotes";
constexpr std::string_view kAnchor = "`&` marks a value for use further down; text that begins with it needs quotes";
constexpr std::string_view kEscape = "a backslash in double quotes begins an escape such as `\\n`; single quotes leave it alone";
constexpr std::string_view kBraces =
    "`{` has no `}` before this place; a value inside braces that holds a comma, a brace, `: ` or quotes in its middle needs quotes around all of it";
constexpr std::string_view kBrackets =
    "`[` has no `]` before this place; a value inside brackets that holds a comma, a bracket, `: ` or quotes in its middle needs quotes around all of it";

struct Advice {
  std::string_view says;  ///< or how that begins
  std::string_view advice;
};

/// What means the same wherever it stands.
const std::array kEverywhere = {
    Advice{Says::TAB_IN_INDENTATION, kTab},
    Advice{Says::END_OF_MAP_FLOW, kBraces},
    Advice{Says::END_OF_SEQ_FLOW, kBrackets},
    Advice{Says::FLOW_END, "this closes a bracket that nothing opened; text that holds one needs quotes"},
    Advice{Says::BLOCK_ENTRY, "`- ` begins a list, which stands on lines of its own below its name; text that begins with it needs quotes"},
    Advice{Says::MAP_KEY, "`? ` begins a name that is not a single word; text that begins with it needs quotes"},
    Advice{Says::EOF_IN_SCALAR, "the quotes that open here are never closed"},
    Advice{Says::DOC_IN_SCALAR, "the quotes opened before this line are still open"},
    Advice{Says::INVALID_ESCAPE, kEscape},
    Advice{Says::INVALID_HEX, kEscape},
    Advice{Says::INVALID_UNICODE, kEscape},
    Advice{Says::ALIAS_NOT_FOUND, kAlias},
    Advice{Says::UNKNOWN_ANCHOR, kAlias},
    Advice{Says::CHAR_IN_ALIAS, kAlias},
    Advice{Says::ANCHOR_NOT_FOUND, kAnchor},
    Advice{Says::CHAR_IN_ANCHOR, kAnchor},
    Advice{Says::MULTIPLE_ANCHORS, kAnchor},
    Advice{Says::CHAR_IN_BLOCK, kBlockText},
    Advice{Says::ZERO_INDENT_IN_BLOCK, kBlockText},
    Advice{Says::CHAR_IN_TAG_HANDLE, kTag},
    Advice{Says::TAG_WITH_NO_SUFFIX, kTag},
    Advice{Says::END_OF_VERBATIM_TAG, kTag},
    Advice{Says::MULTIPLE_TAGS, kTag},
};

std::size_t indentation(std::string_view line) { return std::min(line.find_first_not_of(" \t"), line.size()); }

/// `: ` in a line that has one already, or in one that continues the value above.
std::string second_value(std::string_view line, std::size_t at) {
  const std::size_t first = line.find(": ");
  if (first < at && first != std::string_view::npos) {
    return "`: ` gives a name its value, here within a value; put quotes around all of that value, or begin a new line";
  }
  return "this line continues the one above, which has its value or lacks `: ` behind its name; write `name: value`, and names "
         "of one kind below each other in the same column";
}

/// Something that belongs to no mapping or list that is open.
std::string not_continued(std::string_view line, std::size_t at) {
  if (at <= indentation(line)) {
    return "this line fits none above: names of one mapping, or the dashes of one list, begin in the same column";
  }
  return "a value ended before this, with its quotes or brackets; put quotes around all of it and double those inside, as in 'it''s'";
}

std::string unknown_token(std::string_view line, std::size_t at) {
  return fmt::format("no text begins with `{}` without quotes around it", line.substr(std::min(at, line.size()), 1));
}

std::string advice_for(std::string_view says, std::string_view line, std::size_t at) {
  if (line.substr(0, indentation(line)).find('\t') != std::string_view::npos) return std::string(kTab);
  if (says == Says::MAP_VALUE) return second_value(line, at);
  if (says == Says::END_OF_MAP || says == Says::END_OF_SEQ) return not_continued(line, at);
  if (says == Says::UNKNOWN_TOKEN) return unknown_token(line, at);
  const auto known = std::find_if(kEverywhere.begin(), kEverywhere.end(), [&](const Advice& a) { return says.starts_with(a.says); });
  return std::string(known != kEverywhere.end() ? known->advice : says);
}

}  // namespace

std::string yaml_problem(std::string_view says, std::string_view line, int column) {
  return "not valid YAML: " + advice_for(says, line, static_cast<std::size_t>(std::max(column, 1) - 1));
}

}  // namespace midflight::io
