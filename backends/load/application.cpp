#include "backends/load/application.h"

#include <algorithm>

#include "backends/data/parameters.h"
#include "sim/kernel/error.h"
#include "sim/model/sql_text.h"
#include "sim/sql/render.h"

namespace midflight::backends {
namespace {

using Parameter = ClientEndpoint::Parameter;
using ClientStatement = ClientEndpoint::ClientStatement;

constexpr std::int64_t kUnknownNumber = 10;  // of LIMIT and the like

bool writes(const Statement& statement) {
  return std::any_of(statement.accesses.begin(), statement.accesses.end(),
                     [](const Access& a) { return a.mode >= LockMode::RowExclusiveLock; });
}

Parameter parameter_for(const ParameterUse& use, const Catalogue& catalogue) {
  Parameter parameter;
  if (use.role == ParameterUse::Role::Number) return parameter;
  parameter.kind = use.role == ParameterUse::Role::Key ? Parameter::Kind::Existing : Parameter::Kind::Fresh;
  parameter.fill = catalogue.fill(use.table, use.column);
  parameter.rows = std::max<std::int64_t>(1, catalogue.rows(use.table));
  return parameter;
}

/// An update counts when its row is certain: found by the whole primary key.
bool names_one_row(const std::vector<ParameterUse>& uses, const std::string& table, const Catalogue& catalogue) {
  const Table* known = catalogue.initial().table(table);
  const std::vector<std::string> key = known != nullptr ? known->primary_key() : std::vector<std::string>{};
  return !key.empty() && std::all_of(key.begin(), key.end(), [&](const std::string& column) {
    return std::any_of(uses.begin(), uses.end(), [&](const ParameterUse& use) {
      return use.role == ParameterUse::Role::Key && use.table == table && use.column == column;
    });
  });
}

/// Assigned as it is: SET name = $1, or VALUES ($1), casts included.
bool plainly_assigned(const Statement& statement, int parameter) {
  const std::string mark = "$" + std::to_string(parameter);
  return statement.sql.find("||") == std::string::npos && statement.sql.find(mark + " +") == std::string::npos;
}

void add_effects(const Statement& statement, const std::vector<ParameterUse>& uses, const Catalogue& catalogue,
                 std::vector<WriteEffect>& effects) {
  const bool inserts = statement.kind == StatementKind::Insert;
  if (!inserts && statement.kind != StatementKind::Update) return;
  if (statement.sql.find("ON CONFLICT") != std::string::npos) return;
  for (const ParameterUse& use : uses) {
    if (use.role != ParameterUse::Role::Written || !plainly_assigned(statement, use.parameter)) continue;
    const ColumnFill fill = catalogue.fill(use.table, use.column);
    if (!fill.tells_rows_apart()) continue;
    if (inserts || names_one_row(uses, use.table, catalogue)) effects.push_back({use.table, use.column, inserts, fill});
  }
}

void add_outputs(const Statement& statement, const Schema& schema, std::vector<ReadColumn>& columns) {
  for (const Access& access : statement.accesses) {
    const Table* table = schema.base_table(access.relation);
    const std::string& relation = table != nullptr ? table->name : access.relation;
    for (const std::string& column : access.outputs) columns.push_back({relation, column});
    if (access.reads_all) columns.push_back({relation, "*"});
  }
}

std::vector<ReadColumn> columns_read(const Version& version, const Schema& schema) {
  std::vector<ReadColumn> columns;
  for (const Endpoint& endpoint : version.endpoints) {
    for (const Statement& statement : endpoint.statements) add_outputs(statement, schema, columns);
  }
  return columns;
}

/// SELECT column, or SELECT column AS name, and whatever follows.
std::string first_column(const Statement& statement) {
  const std::vector<SqlToken> tokens = sql_tokens(statement.sql);
  const bool plain = tokens.size() > 2 && is_word(tokens[0], "select") &&
                     (is_word(tokens[2], "from") || is_word(tokens[2], "as") || tokens[2].text == ",");
  return plain ? token_name(tokens[1]) : "";
}

std::optional<ReadColumn> shown_by(const Endpoint& endpoint, const Catalogue& catalogue) {
  const Statement& statement = endpoint.statements.front();
  if (endpoint.statements.size() != 1 || statement.kind != StatementKind::Select || statement.accesses.size() != 1) return {};
  const Access& access = statement.accesses.front();
  const Table* table = catalogue.initial().base_table(access.relation);
  const std::string column = first_column(statement);
  const bool output = std::find(access.outputs.begin(), access.outputs.end(), column) != access.outputs.end();
  if (table == nullptr || !output || !catalogue.fill(table->name, column).tells_rows_apart()) return {};
  if (!names_one_row(parameter_uses(statement, catalogue.initial()), table->name, catalogue)) return {};
  return ReadColumn{table->name, column};
}

}  // namespace

ClientStatement compile_statement(const Statement& statement, const Catalogue& catalogue, const Dialect& dialect) {
  ClientStatement compiled;
  const std::vector<std::string> rendered = sql::render(statement, catalogue.initial(), dialect);
  if (rendered.size() != 1) {
    throw Error(ErrorCode::NotSupported, "a request's statement must stay one statement: " + statement.sql, statement.where);
  }
  compiled.sql = rendered.front();
  compiled.writes = writes(statement);
  const std::vector<ParameterUse> uses = parameter_uses(statement, catalogue.initial());
  compiled.parameters.resize(static_cast<std::size_t>(statement.parameters));
  for (auto use = uses.rbegin(); use != uses.rend(); ++use) {  // the first use decides
    compiled.parameters[static_cast<std::size_t>(use->parameter - 1)] = parameter_for(*use, catalogue);
  }
  return compiled;
}

ClientApplication::ClientApplication(const std::vector<Version>& versions, const Catalogue& catalogue,
                                     const Dialect& dialect) {
  for (const Version& version : versions) {
    versions_.push_back(version.name);
    for (const Endpoint& endpoint : version.endpoints) add_endpoint(endpoint);
  }
  for (const Version& version : versions) reads_.push_back(columns_read(version, catalogue.initial()));
  for (const Table& table : catalogue.initial().tables) rows_ = std::max(rows_, table.rows);
  table_.assign(versions_.size(), std::vector<ClientEndpoint>(endpoints_.size()));
  for (std::size_t v = 0; v < versions.size(); ++v) {
    for (const Endpoint& endpoint : versions[v].endpoints) {
      const auto at = std::find(endpoints_.begin(), endpoints_.end(), endpoint.name) - endpoints_.begin();
      ClientEndpoint& compiled = table_[v][static_cast<std::size_t>(at)];
      compiled = compile(endpoint, catalogue, dialect);
      const double share = endpoint.rate_per_second / rates_[static_cast<std::size_t>(at)];
      compiled.accept_below = share >= 1 ? ~std::uint64_t{0} : static_cast<std::uint64_t>(share * 0x1p64);
    }
  }
  // Without an instance the client still calls: as it did when the plan began.
  versions_.emplace_back();
  table_.push_back(table_.front());
}

void ClientApplication::add_endpoint(const Endpoint& endpoint) {
  const auto known = std::find(endpoints_.begin(), endpoints_.end(), endpoint.name);
  if (known == endpoints_.end()) {
    endpoints_.push_back(endpoint.name);
    rates_.push_back(endpoint.rate_per_second);
  } else {
    double& rate = rates_[static_cast<std::size_t>(known - endpoints_.begin())];
    rate = std::max(rate, endpoint.rate_per_second);
  }
}

ClientEndpoint ClientApplication::compile(const Endpoint& endpoint, const Catalogue& catalogue,
                                          const Dialect& dialect) const {
  ClientEndpoint compiled;
  compiled.served = true;
  compiled.think = endpoint.think;
  for (const Statement& statement : endpoint.statements) {
    compiled.statements.push_back(compile_statement(statement, catalogue, dialect));
    add_effects(statement, parameter_uses(statement, catalogue.initial()), catalogue, compiled.effects);
    add_outputs(statement, catalogue.initial(), compiled.outputs);
  }
  compiled.shows = shown_by(endpoint, catalogue);
  return compiled;
}

std::size_t ClientApplication::version_index(const std::string& name) const {
  const auto found = std::find(versions_.begin(), versions_.end(), name);
  MIDFLIGHT_CHECK(found != versions_.end());
  return static_cast<std::size_t>(found - versions_.begin());
}

Row ClientApplication::bind(const ClientStatement& statement, std::int64_t row, std::int64_t serial) {
  Row values;
  values.reserve(statement.parameters.size());
  for (const Parameter& parameter : statement.parameters) {
    switch (parameter.kind) {
      case Parameter::Kind::Existing: values.push_back(parameter.fill.value((row - 1) % parameter.rows + 1)); break;
      case Parameter::Kind::Fresh: values.push_back(parameter.fill.fresh(serial)); break;
      case Parameter::Kind::Number: values.push_back(kUnknownNumber); break;
    }
  }
  return values;
}

}  // namespace midflight::backends
