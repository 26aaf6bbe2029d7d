#include "sim/sql/psql.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "sim/model/sql_lexer.h"

namespace midflight::sql {
namespace {

struct MetaCommand {
  std::string_view names;    ///< separated by blanks
  std::string_view meaning;
};

// Source: PostgreSQL manual, psql, "Meta-Commands".  What is not listed only
// shows or formats; \set is not, for a statement that uses a variable says so itself.
constexpr std::array kMetaCommands = std::to_array<MetaCommand>({
    {"i ir include include_relative", "the file that it reads is not followed here: check that file too"},
    {"copy", "psql runs it as COPY, with a file of its own machine; its locks are not shown here"},
    {"if elif else endif", "which branch runs is not known here: the statements of all of them are checked"},
    {"c connect", "what follows runs in another database or as another user; it is checked as if in the same one"},
    {"gexec", "the rows of the statement before it are run as SQL: what they say is not known here"},
    {"gset", "it fills psql variables; statements that use them cannot be read here"},
    {"prompt getenv", "it fills psql variables; statements that use them cannot be read here"},
    {"q quit", "psql stops here; what follows is checked all the same"},
    {"r reset", "psql forgets the statement before it"},
    {"!", "it runs a command of the operating system"},
    {"watch", "psql repeats the statement before it until it is stopped"},
    {"lo_import lo_unlink", "it changes large objects; its locks are not shown here"},
});

std::string_view command_name(std::string_view line) {
  line.remove_prefix(std::min<std::size_t>(1, line.size()));
  if (line.substr(0, 1) == "!") return line.substr(0, 1);
  const auto end = std::find_if(line.begin(), line.end(), [](unsigned char c) { return std::isalnum(c) == 0 && c != '_'; });
  return line.substr(0, static_cast<std::size_t>(end - line.begin()));
}

bool lists(std::string_view names, std::string_view name) {
  for (std::size_t at = names.find(name); at != std::string_view::npos && !name.empty(); at = names.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || names[at - 1] == ' ') && (end == names.size() || names[end] == ' ')) return true;
  }
  return false;
}

struct Bracket {
  std::string_view open, close;
};

constexpr std::array kTemplates = std::to_array<Bracket>({
    {"${", "}"}, {"{{", "}}"}, {"{%", "%}"}, {"<%", "%>"}, {"#{", "}"}, {"%(", ")s"}, {"$(", ")"}, {"@", "@"}});

constexpr std::size_t kPlaceholderBytesMax = 200;

bool is_plain(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.'; });
}

/// The text of a template placeholder that begins at `at`, or nothing.
std::string_view template_at(std::string_view text, std::size_t at) {
  const std::string_view near = text.substr(at, kPlaceholderBytesMax);
  for (const Bracket& bracket : kTemplates) {
    if (near.substr(0, bracket.open.size()) != bracket.open) continue;
    const std::size_t close = near.find(bracket.close, bracket.open.size());
    const bool is_name = close != std::string_view::npos && is_plain(near.substr(bracket.open.size(), close - bracket.open.size()));
    if (close == std::string_view::npos || (bracket.open == "@" && !is_name)) continue;
    return near.substr(0, close + bracket.close.size());
  }
  return {};
}

/// The text of a psql variable whose colon stands at `at`: :name, :'name', :"name", :{?name}.
std::string_view variable_at(std::string_view text, std::size_t at) {
  const std::string_view near = text.substr(at, kPlaceholderBytesMax);
  if (near.size() < 2 || (at > 0 && text[at - 1] == ':')) return {};
  const char next = near[1];
  const std::size_t close = next == '\'' || next == '"' ? near.find(next, 2) : next == '{' ? near.find('}', 2) : 0;
  if (close == std::string_view::npos) return {};
  if (close != 0) return near.substr(0, close + 1);
  std::size_t end = 1;
  while (end < near.size() && (std::isalnum(static_cast<unsigned char>(near[end])) != 0 || near[end] == '_')) ++end;
  return end > 1 && std::isdigit(static_cast<unsigned char>(next)) == 0 ? near.substr(0, end) : std::string_view();
}

const MetaCommand* command_in(std::string_view line) {
  const auto is_it = [name = command_name(line)](const MetaCommand& command) { return lists(command.names, name); };
  const auto found = std::find_if(kMetaCommands.begin(), kMetaCommands.end(), is_it);
  return found == kMetaCommands.end() ? nullptr : &*found;
}

}  // namespace

std::string meta_command_message(std::string_view line) {
  const MetaCommand* command = command_in(line);
  const std::string_view meaning = command != nullptr ? command->meaning : "no statement here depends on it";
  return fmt::format("\\{} is for psql alone: {}", command_name(line), meaning);
}

bool is_harmless(std::string_view line) { return command_in(line) == nullptr; }

bool ends_statement(std::string_view line) {
  return lists("g gx gexec gset gdesc crosstabview watch bind r reset", command_name(line));
}

bool copies_from_stdin(std::string_view line) {
  if (command_name(line) != "copy") return false;
  bool from = false;
  SqlLexer lexer(line);
  for (SqlToken token; lexer.next(token);) {
    if (from && (is_word(token, "stdin") || is_word(token, "pstdin"))) return is_word(token, "stdin");
    from = is_word(token, "from");
  }
  return false;
}

Placeholder find_placeholder(std::string_view statement) {
  SqlLexer lexer(statement);
  for (SqlToken token; lexer.next(token);) {
    if (token.kind != SqlTokenKind::Symbol) continue;
    for (std::size_t at = offset_in(statement, token.text); at < lexer.position(); ++at) {
      const std::string_view filled = template_at(statement, at);
      if (!filled.empty()) {
        return {fmt::format("{} is filled in by a template: the statement cannot be read without its value", filled), at};
      }
      const std::string_view variable = statement[at] == ':' ? variable_at(statement, at) : std::string_view();
      if (!variable.empty()) {
        return {fmt::format("{} is a psql variable: the statement cannot be read without its value", variable), at};
      }
    }
  }
  return {};
}

}  // namespace midflight::sql
