#include "sim/io/json.h"

#include "midflight_version.h"
#include "sim/io/json_strategy.h"

namespace midflight::io {

std::string to_json(const Result& result) {
  Json json;
  json["schema_version"] = kJsonSchemaVersion;
  json["midflight"] = MIDFLIGHT_VERSION;
  json["scenario"] = result.scenario;
  json["seed"] = result.seed;
  json["runs"] = result.runs;
  json["assumptions"] = Json::array();
  for (const std::string& sentence : result.assumptions) json["assumptions"].push_back(sentence);
  json["strategies"] = Json::array();
  for (const StrategyResult& strategy : result.strategies) {
    for (const std::string& sentence : strategy.assumptions) {
      json["assumptions"].push_back(strategy.name + ": " + sentence);
    }
    json["strategies"].push_back(strategy_json(strategy));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace midflight::io
