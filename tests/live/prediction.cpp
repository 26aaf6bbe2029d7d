#include "tests/live/prediction.h"

#include <algorithm>

#include "sim/compat/compat.h"
#include "sim/rules/rules.h"
#include "sim/sql/parse.h"

namespace midflight::live {
namespace {

std::string setup_of(const Family& family, const Case& one) {
  std::string text = family.setup;
  for (const std::string& sql : one.setup) text += "\n" + sql;
  return text;
}

bool handles_rows(const Statement& statement) {
  return statement.kind != StatementKind::Ddl && statement.kind != StatementKind::Other;
}

std::string misfit_of(const Statement& statement, Schema schema, const Dialect& dialect) {
  const bool ddl = statement.kind == StatementKind::Ddl;
  const auto failure = ddl || handles_rows(statement) ? compat::failure(statement, schema, dialect) : std::nullopt;
  if (failure) return failure->message;
  if (!ddl && handles_rows(statement)) return "";
  for (const Operation& operation : statement.operations) {
    if (std::string misfit = apply(operation, schema); !misfit.empty()) return misfit;
  }
  return "";
}

void add(const Work& work, Effects& effects) {
  switch (work.kind) {
    case WorkKind::Rewrite: effects.rewrites[work.relation] += work.indexes; return;
    case WorkKind::IndexBuild: effects.index_builds[work.relation] += std::max(1, work.indexes); return;
    case WorkKind::Scan: effects.scans.insert(work.relation); return;
    case WorkKind::Metadata:
    case WorkKind::Update: return;
  }
}

// A rewrite builds every index anew, those of the same statement too, and
// reads the rows on its way.
void settle(Effects& effects) {
  for (auto& [relation, indexes] : effects.rewrites) {
    const auto builds = effects.index_builds.find(relation);
    if (builds != effects.index_builds.end()) {
      indexes += builds->second;
      effects.index_builds.erase(builds);
    }
    effects.scans.erase(relation);
  }
}

}  // namespace

Prediction in_terms_of_observation(const LocksAndWork& rules) {
  Prediction said;
  said.understood = rules.understood;
  said.why_not = rules.why_not;
  said.transaction_forbidden = rules.transaction_forbidden;
  for (const Phase& phase : rules.phases) {
    for (const RelationLock& lock : phase.locks) strengthen(said.effects.locks, lock.relation, lock.mode);
    for (const Work& work : phase.work) add(work, said.effects);
    if (phase.wait == PhaseWait::LockHolders) said.waits.push_back({WaitsFor::Writers, {}});
    if (phase.wait == PhaseWait::AllLockHolders) said.waits.push_back({WaitsFor::WritersAndReaders, {}});
    if (phase.wait == PhaseWait::OldSnapshots) said.waits.push_back({WaitsFor::OldSnapshots, {}});
  }
  settle(said.effects);
  return said;
}

Prediction predict(const Family& family, const Case& one, int major) {
  Prediction said;
  Schema schema;
  try {
    schema = sql::schema_from_sql(setup_of(family, one));
  } catch (const Error& e) {
    said.setup_error = e.what();
    return said;
  }
  try {
    const Statement statement = sql::parse_one(one.sql);
    const Dialect dialect{Engine::Postgresql, major};
    if (statement.since > major) throw Error(ErrorCode::BadInput, rules::locks_and_work(statement, schema, dialect).why_not);
    said = in_terms_of_observation(rules::locks_and_work(statement, schema, dialect));
    said.misfit = misfit_of(statement, schema, dialect);
  } catch (const Error& e) {
    said.syntax_error = e.what();
  }
  return said;
}

}  // namespace midflight::live
