#include <algorithm>

#include "sim/io/check_writers.h"
#include "sim/io/json.h"
#include "sim/io/json_values.h"

namespace midflight::io {
namespace {

std::string_view work_key(WorkKind kind) {
  if (kind == WorkKind::Rewrite) return "rewrites";
  return kind == WorkKind::IndexBuild ? "index_builds" : "scans";
}

Json predicted_json(const std::optional<check::Predicted>& predicted) {
  if (!predicted) return nullptr;
  Json json;
  json["runs"] = predicted->runs;
  json["gave_up"] = predicted->gave_up;
  json["lock_wait_s"] = distribution_json(predicted->lock_wait_s, true);
  json["held_s"] = distribution_json(predicted->held_s, true);
  json["blocked_requests"] = distribution_json(predicted->blocked_requests, false);
  json["failed_requests"] = distribution_json(predicted->failed_requests, false);
  json["downtime_s"] = distribution_json(predicted->downtime_s, true);
  return json;
}

void put_place(Json& json, const check::Span& where) {
  json["file"] = where.begin.file;
  json["line"] = where.begin.line;
  json["column"] = where.begin.column;
}

Json statement_json(const check::StatementReport& statement) {
  Json json;
  put_place(json, statement.where);
  json["end_line"] = statement.where.end_line;
  json["end_column"] = statement.where.end_column;
  json["sql"] = statement.sql;
  json["understood"] = statement.work.understood;
  if (!statement.work.understood) json["why_not"] = statement.work.why_not;
  json["transaction"] = statement.work.transaction_forbidden ? "forbidden" : "allowed";
  for (const char* key : {"locks", "rewrites", "scans", "index_builds"}) json[key] = Json::array();
  int phase_number = 0;
  for (const Phase& phase : statement.work.phases) {
    ++phase_number;
    for (const RelationLock& lock : phase.locks) {
      json["locks"].push_back({{"relation", lock.relation}, {"mode", lock_mode_name(lock.mode)}, {"phase", phase_number}});
    }
    for (const Work& work : phase.work) {
      if (work.kind == WorkKind::Metadata || work.kind == WorkKind::Update) continue;
      Json& list = json[std::string(work_key(work.kind))];
      if (std::find(list.begin(), list.end(), Json(work.relation)) == list.end()) list.push_back(work.relation);
    }
  }
  json["predicted"] = predicted_json(statement.predicted);
  return json;
}

Json transaction_json(const check::TransactionReport& transaction) {
  Json json;
  put_place(json, transaction.where);
  json["end_line"] = transaction.where.end_line;
  json["end_column"] = transaction.where.end_column;
  json["statements"] = transaction.statements;
  json["predicted"] = predicted_json(transaction.predicted);
  return json;
}

Json finding_json(const check::Finding& finding) {
  Json json;
  json["rule"] = finding.rule;
  json["severity"] = check::severity_name(finding.severity);
  put_place(json, finding.where);
  json["message"] = finding.message;
  json["instead"] = finding.instead;
  json["predicted"] = predicted_json(finding.predicted);
  return json;
}

std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// One statement, one transaction and one finding a line: large results stay readable.
class JsonWriter : public CheckWriter {
 public:
  std::string head() override { return "{\"schema_version\": " + std::to_string(kJsonSchemaVersion) + ",\n \"statements\": ["; }

  std::string script(const check::ScriptReport& report) override {
    std::string out;
    for (const check::StatementReport& statement : report.statements) {
      out += (any_statement_ ? ",\n  " : "\n  ") + dumped(statement_json(statement));
      any_statement_ = true;
    }
    for (const check::TransactionReport& transaction : report.transactions) {
      transactions_ += (transactions_.empty() ? "\n  " : ",\n  ") + dumped(transaction_json(transaction));
    }
    for (const check::Finding& finding : report.findings) {
      findings_ += (findings_.empty() ? "\n  " : ",\n  ") + dumped(finding_json(finding));
    }
    return out;
  }

  std::string tail(const CheckCoverage& coverage) override {
    Json json;
    json["statements"] = coverage.statements;
    json["understood"] = coverage.understood;
    json["ignored"] = coverage.ignored;
    json["not_understood"] = Json::array();
    for (const auto& [why, count] : coverage.why_not) json["not_understood"].push_back({{"why", why}, {"statements", count}});
    return "],\n \"transactions\": [" + transactions_ + "],\n \"findings\": [" + findings_ + "],\n \"coverage\": " + dumped(json) + "}\n";
  }

 private:
  bool any_statement_ = false;
  std::string transactions_, findings_;
};

}  // namespace

std::unique_ptr<CheckWriter> check_json_writer() { return std::make_unique<JsonWriter>(); }

}  // namespace midflight::io
