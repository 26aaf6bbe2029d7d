#include "sim/check/breakage.h"

#include <fmt/format.h>

#include "sim/compat/compat.h"

namespace midflight::check {
namespace {

std::string told(const Version& version, const Endpoint& endpoint, const ErrorKind& failure) {
  const std::string state = failure.sqlstate.empty() ? "" : fmt::format(" ({})", failure.sqlstate);
  return fmt::format("{}, {}: {}{}", version.name, endpoint.name, failure.message, state);
}

/// Calls `meet(version, endpoint, failure)` for every statement, in order.
template <class Meet>
void for_each_statement(const Scenario& scenario, const Schema& schema, const Meet& meet) {
  for (const Version& version : scenario.app.versions) {
    for (const Endpoint& endpoint : version.endpoints) {
      for (const Statement& statement : endpoint.statements) {
        meet(version, endpoint, compat::failure(statement, schema, scenario.database.dialect));
      }
    }
  }
}

}  // namespace

Breakage::Breakage(const Scenario& scenario, const Schema& schema) : scenario_(scenario) {
  for_each_statement(scenario_, schema, [&](const Version&, const Endpoint&, const auto& failure) { broken_.push_back(failure.has_value()); });
}

std::vector<std::string> Breakage::of(const Schema& schema) {
  std::vector<std::string> out;
  std::size_t at = 0;
  for_each_statement(scenario_, schema, [&](const Version& version, const Endpoint& endpoint, const auto& failure) {
    if (failure && !broken_[at]) out.push_back(told(version, endpoint, *failure));
    broken_[at++] = failure.has_value();
  });
  return out;
}

}  // namespace midflight::check
