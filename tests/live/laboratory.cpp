#include "tests/live/laboratory.h"

#include "sim/kernel/error.h"
#include "tests/live/in_transaction.h"
#include "tests/live/outside.h"

namespace midflight::live {
namespace {

const char* const kCaseDatabase = "one_case";

std::string template_of(const Family& family) { return "setup_" + family.name; }
std::string shared_of(const Family& family) { return "cases_" + family.name; }

}  // namespace

Laboratory::Laboratory() : admin_(server_.connect()) {
  admin_.query("CREATE ROLE app");
  admin_.query("SET allow_in_place_tablespaces = on");
  admin_.query("CREATE TABLESPACE fast LOCATION ''");
  admin_.query("SET client_min_messages = warning");
}

void Laboratory::make_template(const Family& family) {
  if (!templates_.insert(family.name).second) return;
  admin_.query("CREATE DATABASE " + template_of(family));
  const auto reply = server_.connect(template_of(family)).run(family.setup);
  if (!reply.ok()) throw Error(ErrorCode::Database, "the setup of " + family.name + ".sql fails: " + reply.message);
}

void Laboratory::make_database(const std::string& name, const Family& family, const Case& one) {
  make_template(family);
  // Copied as files, which is all there was before version 15 and costs half.
  const std::string strategy = admin_.major_version() >= 15 ? " STRATEGY file_copy" : "";
  admin_.query("CREATE DATABASE " + name + " TEMPLATE " + template_of(family) + strategy);
  auto session = server_.connect(name);
  for (const std::string& sql : one.setup) {
    const auto reply = session.run(sql);
    if (!reply.ok()) throw Error(ErrorCode::Database, "the setup fails: " + reply.message + " (in `" + sql + "`)");
  }
}

// Sessions that were closed a moment ago may still be on their way out.
void Laboratory::drop_database(const std::string& name) {
  admin_.query("DROP DATABASE IF EXISTS " + name + (admin_.major_version() >= 13 ? " WITH (FORCE)" : ""));
}

Observation Laboratory::observe_outside(const Family& family, const Case& one) {
  const Opener open = [&] { return server_.connect(kCaseDatabase); };
  const auto in_fresh_database = [&](const auto& observe) {
    drop_database(kCaseDatabase);
    make_database(kCaseDatabase, family, one);
    return observe();
  };
  Observation seen = in_fresh_database([&] { return observe_requests(open, one.sql); });
  if (one.blockers.empty() || !seen.sqlstate.empty()) return seen;
  std::vector<std::vector<HeldUp>> waits;
  for (const char* mode : {"ROW EXCLUSIVE", "ACCESS SHARE"}) {
    const Held held = in_fresh_database([&] { return observe_held_up(open, one.sql, one.blockers, mode); });
    waits.push_back(held.waits);
    for (const auto& [relation, asked] : held.seen.effects.locks) strengthen(seen.effects.locks, relation, asked);
    for (const auto& [relation, kept] : held.seen.seen) strengthen(seen.seen, relation, kept);
  }
  seen.waits = merged_waits(waits.front(), waits.back());
  return seen;
}

Observation Laboratory::observe(const Family& family, const Case& one) {
  // What is rolled back leaves nothing, so that cases without setup may share.
  const bool alone = !one.setup.empty();
  const std::string database = alone ? kCaseDatabase : shared_of(family);
  if (alone) drop_database(database);
  if (alone || shared_.insert(family.name).second) make_database(database, family, one);
  Observation seen = observe_in_transaction(server_.connect(database), one.sql);
  return seen.transaction_forbidden ? observe_outside(family, one) : seen;
}

}  // namespace midflight::live
