#include "sim/io/scenario_tree.h"

#include <yaml-cpp/emitter.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "sim/io/scenario_reader.h"
#include "sim/io/yaml_text.h"

namespace midflight::io {
namespace {

using Json = nlohmann::ordered_json;

/// A plain scalar as the number it is, where the number is written the same.
Json plain_json(const std::string& text) {
  if (text.empty() || text == "~" || text == "null") return {};
  if (text == "true") return true;
  if (text == "false") return false;
  const Json number = Json::parse(text, nullptr, false);
  return number.is_number() && number.dump() == text ? number : Json(text);
}

/// Members of lists go by their name in overrides.
Value called(const Value& item, const std::string& list) {
  if (!item.is_map()) return item;
  for (const auto& [key, value] : item.entries()) {
    const bool names = key.text() == "name" || key.text() == "id";
    if (names && !value.text().empty()) return item.named(list + "." + value.text());
  }
  return item;
}

Json tree(const Value& value) {
  Json json;
  if (value.is_list()) {
    json = Json::array();
    for (const Value& item : value.items()) json.push_back(tree(called(item, value.path())));
    return json;
  }
  const auto entries = value.entries();  // of a value that is not there, those that overrides add
  if (value.is_map() || !entries.empty()) {
    json = Json::object();
    for (const auto& [key, member] : entries) json[key.text()] = tree(member);
    return json;
  }
  return value.is_plain() ? plain_json(value.text()) : Json(value.text());
}

std::string file_beside(const ScenarioText& text, const std::string& name) {
  return read_text_file((std::filesystem::path(text.base_directory) / name).string(), kSqlBytesMax);
}

void put_files_in(Json& json, const ScenarioText& text) {
  if (const auto schema = json.find("schema"); schema != json.end() && schema->is_string()) {
    const std::string name = *schema;
    if (is_schema_path(name)) *schema = file_beside(text, name);
  }
  if (!json.contains("database") || !json["database"].is_object()) return;
  const auto profile = json["database"].find("profile");
  if (profile == json["database"].end() || !profile->is_string()) return;
  const std::string name = *profile;
  if (name.find('\n') == std::string::npos) *profile = file_beside(text, name);
}

Json whole_tree(const ScenarioText& text) {
  Document document(text.yaml, text.file_name, text.overrides);
  Json json = tree(document.root());
  if (text.self_contained) put_files_in(json, text);
  return json;
}

bool is_flat(const Json& json) {
  return std::none_of(json.begin(), json.end(), [](const Json& member) {
    return member.is_structured() || (member.is_string() && member.get_ref<const std::string&>().size() > 40);
  });
}

void emit(YAML::Emitter& out, const Json& json) {
  if (json.is_object()) {
    if (is_flat(json)) out << YAML::Flow;
    out << YAML::BeginMap;
    for (const auto& [key, member] : json.items()) {
      out << YAML::Key << key << YAML::Value;
      emit(out, member);
    }
    out << YAML::EndMap;
  } else if (json.is_array()) {
    if (is_flat(json)) out << YAML::Flow;
    out << YAML::BeginSeq;
    for (const Json& item : json) emit(out, item);
    out << YAML::EndSeq;
  } else if (json.is_string()) {
    const std::string text = json;
    const bool read_otherwise = text.find_first_of(",#:\n") != std::string::npos || !plain_json(text).is_string();
    if (text.find('\n') != std::string::npos) out << YAML::Literal << text;
    else if (read_otherwise) out << YAML::DoubleQuoted << text;
    else out << text;
  } else {
    json.is_null() ? out << YAML::Null : out << json.dump();
  }
}

}  // namespace

std::string scenario_json(const ScenarioText& text) {
  return whole_tree(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string scenario_yaml(const ScenarioText& text) {
  if (text.overrides.empty() && !text.self_contained) return text.yaml;
  YAML::Emitter out;
  emit(out, whole_tree(text));
  return std::string(out.c_str()) + "\n";
}

}  // namespace midflight::io
