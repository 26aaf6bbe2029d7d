#include "tests/live/in_transaction.h"

#include "tests/live/relations.h"

namespace midflight::live {
namespace {

using backends::PostgresConnection;

// Foreign keys are validated by a query: without this the plan would read the
// referenced table as well, or by chance one of them through an index.
void prepare(PostgresConnection& session) {
  session.query("SET enable_seqscan = off");
  session.query("SET statement_timeout = '20s'");
  // Where timestamp to timestamptz changes what is stored.
  session.query("SET timezone = 'Europe/Berlin'");
}

Observation look(PostgresConnection& session, const Relations& before) {
  const auto notices = session.take_notices();
  Observation seen;
  seen.kinds = kinds_of(before);
  seen.effects.locks = read_locks(session, before, session.process_id(), true);
  compare_files(before, read_relations(session, Counters::OfTransaction), seen.effects);
  for (const std::string& oid : validated_tables(session, notices)) {
    const auto known = before.find(oid);
    if (known != before.end() && !seen.effects.rewrites.contains(known->second.name)) seen.effects.scans.insert(known->second.name);
  }
  return seen;
}

}  // namespace

Observation observe_in_transaction(PostgresConnection session, const std::string& sql) {
  prepare(session);
  session.query("BEGIN");
  const Relations before = read_relations(session, Counters::OfTransaction);
  session.query("SET client_min_messages = debug1");
  session.take_notices();
  const auto reply = session.run(sql);
  Observation seen;
  if (reply.ok()) {
    // What follows must not depend on what the statement set.
    session.query("SET LOCAL client_min_messages = warning");
    seen = look(session, before);
  }
  seen.transaction_forbidden = reply.sqlstate == "25001";
  seen.sqlstate = reply.sqlstate;
  seen.message = reply.message;
  session.run("ROLLBACK");
  return seen;
}

}  // namespace midflight::live
