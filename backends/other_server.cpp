#include "backends/other_server.h"

namespace midflight::backends {
namespace {

std::string name_of(Engine engine) { return engine == Engine::Sqlite ? "SQLite" : "PostgreSQL"; }

}  // namespace

std::string other_server(const Dialect& scenario, const Backend& backend) {
  const Dialect here = backend.dialect();
  const std::string wanted = name_of(scenario.engine), found = name_of(here.engine) + " " + backend.server_version();
  if (scenario.engine != here.engine) {
    return "The scenario is for " + wanted + " and replayed on " + found + ", whose locks are others: this replay and its prediction say nothing of " + wanted + ".";
  }
  if (scenario.engine == Engine::Sqlite || scenario.version == here.version) return "";
  const std::string version = std::to_string(here.version);
  return "The scenario is for " + wanted + " " + std::to_string(scenario.version) + " and replayed on " + found + ": replay and prediction are those of " +
         version + ", as compare gives them with `version: " + version + "`.";
}

}  // namespace midflight::backends
