#include "sim/io/scenario_check_step.h"

#include <fmt/core.h>

#include "sim/io/scenario_reader.h"
#include "sim/io/yaml_text.h"

namespace midflight::io {
namespace {

/// "filled(users.name)" is `filled` with one argument.
struct Call {
  std::string name;
  std::vector<std::string> arguments;
};

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

/// A name as SQL folds it: lower case, unless it is quoted.
std::string folded(std::string_view text) {
  std::string name = trimmed(text);
  if (name.size() > 2 && name.front() == '"' && name.back() == '"') return name.substr(1, name.size() - 2);
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return name;
}

std::optional<Call> parse_call(std::string_view given) {
  const std::string text = trimmed(given);
  const std::size_t open = text.find('(');
  if (open == std::string::npos || text.back() != ')') return std::nullopt;
  Call call{folded(text.substr(0, open)), {}};
  // SQL goes on after its first word.
  if (call.name.empty() || call.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") != std::string::npos) return {};
  if (call.name == "select" || call.name == "values") return std::nullopt;
  std::string_view rest = std::string_view(text).substr(open + 1, text.size() - open - 2);
  while (true) {
    const std::size_t comma = rest.find(',');
    call.arguments.push_back(trimmed(rest.substr(0, comma)));
    if (comma == std::string_view::npos) return call;
    rest.remove_prefix(comma + 1);
  }
}

/// Splits "users.name" or "audit.log.entry" at the last dot.
bool split_column(const std::string& text, std::string& table, std::string& column) {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == text.size()) return false;
  table = folded(text.substr(0, dot));
  column = folded(text.substr(dot + 1));
  if (table.starts_with("public.")) table.erase(0, 7);
  return true;
}

bool set_filled(const Call& call, CheckStep& step) {
  step.kind = CheckStep::Kind::Filled;
  return call.arguments.size() == 1 && split_column(call.arguments[0], step.table, step.column);
}

bool set_equal(const Call& call, CheckStep& step) {
  step.kind = CheckStep::Kind::Equal;
  std::string other_table;
  return call.arguments.size() == 2 && split_column(call.arguments[0], step.table, step.column) &&
         split_column(call.arguments[1], other_table, step.other_column) && other_table == step.table;
}

bool set_valid(const Call& call, CheckStep& step) {
  step.kind = CheckStep::Kind::Valid;
  step.constraint = folded(call.arguments.front());
  return call.arguments.size() == 1 && !step.constraint.empty();
}

void set_condition(const Value& value, const Call& call, CheckStep& step) {
  if (call.name == "filled") {
    if (!set_filled(call, step)) value.problem("must read filled(table.column)");
  } else if (call.name == "equal") {
    if (!set_equal(call, step)) value.problem("must read equal(table.column, table.other), both of one table");
  } else if (call.name == "valid") {
    if (!set_valid(call, step)) value.problem("must read valid(constraint)");
  } else {
    value.problem(fmt::format("has the unknown condition `{}`{}; there are filled(t.c), equal(t.a, t.b), "
                              "valid(constraint) and SQL with `assume`",
                              call.name, did_you_mean(call.name, {"filled", "equal", "valid"})));
  }
}

void set_sql(const Section& section, const Value& value, CheckStep& step) {
  step.kind = CheckStep::Kind::Sql;
  if (const std::optional<Statement> statement = read_statement(value)) {
    step.sql = statement->sql;
    if (statement->kind != StatementKind::Select) value.problem("must be a SELECT that answers true or false");
  }
  if (!section.has("assume")) value.problem("is SQL, so the step needs `assume: true` or `assume: false`");
}

}  // namespace

CheckStep read_check_step(const Section& section) {
  CheckStep step;
  const Value& value = *section.find("check");
  if (read_text(value)) {
    if (const std::optional<Call> call = parse_call(value.text())) {
      set_condition(value, *call, step);
      if (section.has("assume")) section.find("assume")->problem("belongs to a check written as SQL");
    } else {
      set_sql(section, value, step);
    }
  }
  assign(step.assume, section.boolean("assume"));
  step.every = section.positive_duration("every");
  step.timeout = section.positive_duration("timeout");
  if (section.has("timeout") && !section.has("every")) section.value().problem("has a `timeout` and so needs `every`");
  return step;
}

}  // namespace midflight::io
