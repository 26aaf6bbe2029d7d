#include "sim/io/profile.h"

#include <fmt/core.h>

#include <array>
#include <filesystem>

#include "sim/io/yaml_section.h"
#include "sim/io/yaml_text.h"

namespace midflight::io {
namespace {

struct Parameter {
  std::string_view key;
  double cost::Profile::*member;
  double low, high;
  std::string_view meaning;
};

constexpr std::array<Parameter, 27> kParameters = {{
    {"metadata_s", &cost::Profile::metadata_s, 0, 3600, "one catalog change, lock already held"},
    {"commit_s", &cost::Profile::commit_s, 0, 3600, "one commit"},
    {"scan_rows_per_s", &cost::Profile::scan_rows_per_s, 1, 1e12, "validation, by rows"},
    {"scan_bytes_per_s", &cost::Profile::scan_bytes_per_s, 1, 1e13, "validation, by bytes"},
    {"rewrite_bytes_per_s", &cost::Profile::rewrite_bytes_per_s, 1, 1e13, "table rewrite, by bytes"},
    {"rewrite_rows_per_s", &cost::Profile::rewrite_rows_per_s, 1, 1e12, "table rewrite, by rows"},
    {"removal_bytes_per_s", &cost::Profile::removal_bytes_per_s, 0, 1e13, "of files that a rewrite has replaced, once its locks are free; 0: not measured"},
    {"foreign_key_rows_per_s", &cost::Profile::foreign_key_rows_per_s, 1, 1e12, "rows looked up when a foreign key is validated, in the processor's caches"},
    {"foreign_key_far_rows_per_s", &cost::Profile::foreign_key_far_rows_per_s, 1, 1e12, "rows looked up where the other one is in memory alone"},
    {"foreign_key_near_rows", &cost::Profile::foreign_key_near_rows, 1, 1e12, "rows of the table it refers to of which every other one is in a cache"},
    {"uuid_rows_per_s", &cost::Profile::uuid_rows_per_s, 1, 1e12, "random UUIDs drawn as a default"},
    {"index_rows_per_s", &cost::Profile::index_rows_per_s, 1, 1e12, "sorted and written by an index build, beside the scan: numbers and dates"},
    {"index_text_rows_per_s", &cost::Profile::index_text_rows_per_s, 1, 1e12, "the same, text in the key"},
    {"index_key_rows_per_s", &cost::Profile::index_key_rows_per_s, 1, 1e12, "the same, keys that number the rows"},
    {"index_check_rows_per_s", &cost::Profile::index_check_rows_per_s, 1, 1e12, "second pass of a concurrent index build"},
    {"update_rows_per_s", &cost::Profile::update_rows_per_s, 1, 1e12, "one big UPDATE"},
    {"update_bytes_per_s", &cost::Profile::update_bytes_per_s, 1, 1e13, "bytes of the rows of an UPDATE or a batch"},
    {"update_index_share", &cost::Profile::update_index_share, 0, 100, "what each index adds to it"},
    {"update_key_share", &cost::Profile::update_key_share, 0, 100, "what one adds whose keys number the rows"},
    {"batch_s", &cost::Profile::batch_s, 0, 3600, "fixed cost of one batch of a backfill"},
    {"batch_rows_per_s", &cost::Profile::batch_rows_per_s, 1, 1e12, "rows of a batch"},
    {"herd_s", &cost::Profile::herd_s, 0, 3600, "what a statement costs more in the crowd right after a stall"},
    {"spread", &cost::Profile::spread, 0, 3, "sigma of a lognormal factor on every duration"},
    {"read_s", &cost::Profile::read_s, 0, 3600, "median of a request that reads a row by its key; 0: not measured"},
    {"update_s", &cost::Profile::update_s, 0, 3600, "of one that updates or deletes a row, commit included"},
    {"insert_s", &cost::Profile::insert_s, 0, 3600, "of one that inserts a row"},
    {"request_sigma", &cost::Profile::request_sigma, 0, 3, "sigma of a lognormal around these three"},
}};

const KeyTable& profile_keys() {
  static const KeyTable table = [] {
    KeyTable keys{"profile", {"name", "server", "machine", "measured"}};
    for (const Parameter& parameter : kParameters) keys.keys.push_back(parameter.key);
    return keys;
  }();
  return table;
}

/// A name as YAML in double quotes.
std::string yaml_string(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + '"';
}

}  // namespace

cost::Profile parse_profile(std::string_view yaml, const std::string& file_name, const cost::Profile& defaults) {
  Document document(yaml, file_name);
  const Section section(document.root(), profile_keys());
  cost::Profile profile = defaults;
  assign(profile.name, section.name("name"));
  assign(profile.server, section.name("server"));
  assign(profile.machine, section.name("machine"));
  assign(profile.measured, section.name("measured"));
  for (const Parameter& parameter : kParameters) {
    assign(profile.*parameter.member, section.number(parameter.key, parameter.low, parameter.high));
  }
  document.throw_problems();
  return profile;
}

cost::Profile read_profile(const std::string& path, const cost::Profile& defaults) {
  return parse_profile(read_text_file(path, kYamlBytesMax), path, defaults);
}

std::string profile_text(const cost::Profile& profile) {
  std::string text = "# Seconds, rows per second and bytes per second of one server.\n";
  text += fmt::format("name: {}\n", yaml_string(profile.name));
  if (!profile.server.empty()) text += fmt::format("server: {}\n", yaml_string(profile.server));
  if (!profile.machine.empty()) text += fmt::format("machine: {}  # its fingerprint\n", yaml_string(profile.machine));
  if (!profile.measured.empty()) text += fmt::format("measured: {}\n", yaml_string(profile.measured));
  for (const Parameter& parameter : kParameters) {
    text += fmt::format("{}: {}  # {}\n", parameter.key, profile.*parameter.member, parameter.meaning);
  }
  return text;
}

cost::Profile profile_of(const Scenario& scenario) {
  const cost::Profile defaults = cost::default_profile(scenario.database.dialect);
  if (scenario.database.profile.empty()) return defaults;
  if (scenario.database.profile.find('\n') != std::string::npos) {
    return parse_profile(scenario.database.profile, "database.profile", defaults);
  }
  const std::filesystem::path directory = std::filesystem::path(scenario.path).parent_path();
  return read_profile((directory / scenario.database.profile).string(), defaults);
}

}  // namespace midflight::io
