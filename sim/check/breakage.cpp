#include "sim/check/breakage.h"

#include <fmt/format.h>

#include "sim/compat/compat.h"

namespace midflight::check {
namespace {

std::string told(const ErrorKind& failure) {
  return failure.sqlstate.empty() ? failure.message : fmt::format("{} ({})", failure.message, failure.sqlstate);
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

std::vector<std::string> by_version(const std::vector<TouchedStatement>& statements) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < statements.size();) {
    const std::string& version = statements[i].version;
    std::string endpoints, last;
    for (; i < statements.size() && statements[i].version == version; ++i) {
      if (statements[i].endpoint != last) endpoints += (endpoints.empty() ? "" : ", ") + statements[i].endpoint;
      last = statements[i].endpoint;
    }
    out.push_back(fmt::format("{} ({})", version, endpoints));
  }
  return out;
}

Breakage::Breakage(const Scenario& scenario, const Schema& schema) : scenario_(scenario) {
  for_each_statement(scenario_, schema, [&](const Version&, const Endpoint&, const auto& failure) { broken_.push_back(failure.has_value()); });
}

VersionChange Breakage::of(const Schema& schema) {
  VersionChange out;
  std::size_t at = 0;
  for_each_statement(scenario_, schema, [&](const Version& version, const Endpoint& endpoint, const auto& failure) {
    if (failure && !broken_[at]) out.broken.push_back({version.name, endpoint.name, told(*failure)});
    if (!failure && broken_[at]) out.mended.push_back({version.name, endpoint.name, ""});
    broken_[at++] = failure.has_value();
  });
  return out;
}

}  // namespace midflight::check
