#include "tests/support/pgbench_load.h"

#include <fmt/core.h>

#include <algorithm>

#include "sim/sql/parse.h"
#include "sim/sql/postgres_schema.h"

namespace midflight::testing {
namespace {

constexpr const char* kRead = "SELECT name FROM items WHERE id = $1";

Scenario reading(double per_second, int connections) {
  Scenario scenario;
  scenario.schema = sql::schema_from_sql("CREATE TABLE items (id bigint PRIMARY KEY, name text)");
  scenario.schema.tables[0].rows = ReadTraffic::kRows;
  scenario.schema.tables[0].row_bytes = 60;
  scenario.database.dialect = {Engine::Postgresql, 15};
  scenario.app.instances = 1;
  scenario.app.pool = connections;
  scenario.app.pool_timeout = scenario.app.request_timeout = Duration::seconds(60);
  Endpoint read;
  read.name = "read";
  read.rate_per_second = per_second;
  read.statements = {sql::parse_one(kRead)};
  scenario.app.versions = {{"v1", {read}, ""}};
  return scenario;
}

}  // namespace

ReadTraffic::ReadTraffic(const PrivateServer& server, double per_second, int connections) : scenario_(reading(per_second, connections)) {
  backend_ = backends::open("postgresql://midflight@/postgres?host=" + server.folder(), {});
  backend_->prepare(scenario_.schema);
}

std::vector<backends::RequestRecord> ReadTraffic::ours(int seconds) {
  strategy::Proposal nothing;
  nothing.versions = scenario_.app.versions;
  nothing.plan.steps = {{"wait", {}, WaitStep{Duration::seconds(seconds)}, "", {}}};
  const backends::Catalogue catalogue(scenario_.schema, nothing.plan, scenario_.change);
  const backends::ClientApplication application(nothing.versions, catalogue, backend_->dialect());
  backends::ReplayOptions options;
  options.lead_in = Duration::milliseconds(500);
  options.lead_out = {};
  return backends::run_plan(*backend_, scenario_, nothing, catalogue, application, options).requests;
}

PgbenchRun ReadTraffic::theirs(int seconds) const {
  PgbenchRun run;
  run.script = fmt::format("\\set id random(1, {})\nSELECT name FROM items WHERE id = :id;", kRows);
  run.clients = scenario_.app.pool;
  run.seconds = seconds;
  run.per_second = scenario_.app.versions[0].endpoints[0].rate_per_second;
  return run;
}

std::string ReadTraffic::database() {
  return std::get<std::string>(backend_->open("name")->query("SELECT current_database()::text").at(0).at(0));
}

std::vector<double> latencies(const std::vector<backends::RequestRecord>& requests) {
  std::vector<double> seconds;
  for (const backends::RequestRecord& request : requests) {
    if (request.arrival >= Instant{}) seconds.push_back((request.end - request.arrival).seconds());
  }
  return seconds;
}

double throughput(const std::vector<backends::RequestRecord>& requests) {
  Instant until{};
  for (const backends::RequestRecord& request : requests) until = std::max(until, request.end);
  const auto answered = std::count_if(requests.begin(), requests.end(), [](const auto& r) { return r.end >= Instant{}; });
  return static_cast<double>(answered) / until.seconds();
}

}  // namespace midflight::testing
