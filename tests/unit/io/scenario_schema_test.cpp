#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "sim/io/policies.h"
#include "sim/io/scenario_keys.h"

namespace midflight::io {
namespace {

using Json = nlohmann::json;

Json schema() {
  std::ifstream in(std::string(MIDFLIGHT_SOURCE_DIR) + "/sim/io/scenario.schema.json");
  return Json::parse(in);
}

std::set<std::string> property_names(const Json& definition) {
  std::set<std::string> names;
  for (const auto& [name, value] : definition.at("properties").items()) names.insert(name);
  return names;
}

TEST(JsonSchema, ListsTheKeysThatTheReaderKnows) {
  const Json definitions = schema().at("$defs");
  std::set<std::string> read;
  for (const KeyTable& table : scenario_keys()) {
    const std::string name(table.name);
    read.insert(name);
    ASSERT_TRUE(definitions.contains(name)) << name;
    const std::set<std::string> keys(table.keys.begin(), table.keys.end());
    EXPECT_EQ(property_names(definitions[name]), keys) << name;
    EXPECT_EQ(definitions[name].at("additionalProperties"), false) << name;
  }
  for (const auto& [name, definition] : definitions.items()) {
    if (!definition.contains("properties")) continue;
    EXPECT_TRUE(read.count(name)) << name << " is a mapping no reader knows";
  }
}

TEST(JsonSchema, DescribesEveryKey) {
  const Json definitions = schema().at("$defs");
  for (const KeyTable& table : scenario_keys()) {
    for (const auto& [key, value] : definitions.at(std::string(table.name)).at("properties").items()) {
      const bool described = value.contains("description") ||
                             definitions.at(value.value("$ref", "#/$defs/none").substr(8)).contains("description");
      EXPECT_TRUE(described) << table.name << "." << key;
    }
  }
}

TEST(JsonSchema, ListsThePresets) {
  const Json names = schema().at("$defs").at("migration").at("properties").at("policy").at("enum");
  std::set<std::string> presets, listed;
  for (const PolicyPreset& preset : policy_presets()) presets.insert(std::string(preset.name));
  for (const Json& name : names) listed.insert(name.get<std::string>());
  EXPECT_EQ(listed, presets);
}

void find_dangling(const Json& part, const Json& root, std::vector<std::string>& dangling) {
  if (part.is_object() && part.contains("$ref") && part["$ref"].is_string()) {
    const std::string path = part["$ref"].get<std::string>().substr(1);
    if (!root.contains(Json::json_pointer(path))) dangling.push_back(path);
  }
  if (!part.is_structured()) return;
  for (const auto& child : part) find_dangling(child, root, dangling);
}

TEST(JsonSchema, HasNoDanglingReference) {
  const Json root = schema();
  std::vector<std::string> dangling;
  find_dangling(root, root, dangling);
  EXPECT_TRUE(dangling.empty());
}

}  // namespace
}  // namespace midflight::io
