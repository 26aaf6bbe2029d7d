#include <algorithm>
#include <set>

#include "midflight_version.h"
#include "sim/check/rule.h"
#include "sim/io/check_writers.h"
#include "sim/io/json_values.h"

namespace midflight::io {
namespace {

constexpr const char* kSchema = "https://json.schemastore.org/sarif-2.1.0.json";

std::string_view level(check::Severity severity) {
  if (severity == check::Severity::Danger) return "error";
  return severity == check::Severity::Caution ? "warning" : "note";
}

Json rule_json(const std::string& id) {
  Json json;
  json["id"] = id;
  const check::Rule* rule = check::rule_called(id);
  if (rule == nullptr) return json;
  json["shortDescription"]["text"] = rule->title;
  json["fullDescription"]["text"] = rule->what;
  json["help"]["text"] = std::string(rule->instead) + " " + rule_page(id);
  json["defaultConfiguration"]["level"] = level(rule->severity);
  return json;
}

/// Bytes that a URI may not hold are percent-encoded.
std::string uri_of(const std::string& path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string out;
  for (const char c : path) {
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.append("%").append(1, kDigits[byte >> 4U]).append(1, kDigits[byte & 15U]);
  }
  return out;
}

Json result_json(const check::Finding& finding) {
  Json json;
  json["ruleId"] = finding.rule;
  json["level"] = level(finding.severity);
  json["message"]["text"] = finding.instead.empty() ? finding.message : finding.message + "\nInstead:\n" + finding.instead;
  Json place;
  place["artifactLocation"]["uri"] = uri_of(finding.where.begin.file);
  if (finding.where.begin.line > 0) {
    Json& region = place["region"];
    region["startLine"] = finding.where.begin.line;
    region["startColumn"] = std::max(1, finding.where.begin.column);
    if (finding.where.end_line >= finding.where.begin.line && finding.where.end_column > 0) {
      region["endLine"] = finding.where.end_line;
      region["endColumn"] = finding.where.end_column;
    }
  }
  json["locations"] = Json::array({{{"physicalLocation", place}}});
  return json;
}

/// Source: OASIS, Static Analysis Results Interchange Format 2.1.0.
class SarifWriter : public CheckWriter {
 public:
  std::string script(const check::ScriptReport& report) override {
    for (const check::Finding& finding : report.findings) {
      results_.push_back(result_json(finding));
      rules_.insert(finding.rule);
    }
    return "";
  }

  std::string tail(const CheckCoverage&) override {
    Json json;
    json["$schema"] = kSchema;
    json["version"] = "2.1.0";
    Json& run = json["runs"][0];
    Json& driver = run["tool"]["driver"];
    driver["name"] = "midflight";
    driver["version"] = MIDFLIGHT_VERSION;
    driver["rules"] = Json::array();
    for (const std::string& rule : rules_) driver["rules"].push_back(rule_json(rule));
    run["columnKind"] = "utf16CodeUnits";
    run["results"] = std::move(results_);
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  }

 private:
  Json results_ = Json::array();
  std::set<std::string> rules_;
};

}  // namespace

std::unique_ptr<CheckWriter> check_sarif_writer() { return std::make_unique<SarifWriter>(); }

}  // namespace midflight::io
