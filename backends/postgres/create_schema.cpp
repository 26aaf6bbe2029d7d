#include "backends/postgres/create_schema.h"

#include "backends/postgres/errors.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

constexpr std::size_t kShown = 200;  // bytes of a statement

/// Something that another statement may still make.  Source: PostgreSQL manual, appendix A.
bool lacks_something(const WireReply& reply) {
  for (const char* state : {"42P01", "42704", "42883", "42703", "3F000"}) {
    if (reply.sqlstate == state) return true;
  }
  return false;
}

bool already_there(const WireReply& reply) { return reply.sqlstate == "42710" || reply.sqlstate == "42723"; }

std::string beginning(const std::string& sql) { return sql.substr(0, std::min(sql.find('\n'), kShown)); }

}  // namespace

SchemaCreation::SchemaCreation(Wire& wire, const Schema& schema, Note note)
    : wire_(wire), note_(std::move(note)), parts_(sql::postgres_creation(schema)) {}

void SchemaCreation::make_tables() {
  execute("SET check_function_bodies = off");  // their bodies may name what comes later
  for (const std::string& sql : parts_.schemas) execute(sql);
  std::vector<Pending> pending;
  for (const std::string& sql : parts_.foundations) pending.push_back({sql, true});
  for (const std::string& sql : parts_.relations) pending.push_back({sql});
  make(std::move(pending));
  for (const std::string& sql : parts_.partitions) execute(sql);
}

void SchemaCreation::make_the_rest() {
  for (const std::string& sql : parts_.after_rows) execute(sql);
  std::vector<Pending> pending;
  for (const std::string& sql : parts_.views) pending.push_back({sql, true});  // they may read what is left out
  make(std::move(pending));
}

void SchemaCreation::execute(const std::string& sql) {
  const WireReply reply = wire_.run(sql, {}, {});
  if (!reply.ok()) fail(sql, reply);
}

void SchemaCreation::make(std::vector<Pending> pending) {
  for (std::size_t before = pending.size() + 1; !pending.empty() && pending.size() < before;) {
    before = pending.size();
    pending = attempt(std::move(pending));
  }
  for (const Pending& one : pending) {
    if (one.may_fail) leave_out(one);
  }
  for (const Pending& one : pending) {
    if (!one.may_fail) fail(one.sql, one.reply);
  }
}

/// Returns: what another round may make.
std::vector<SchemaCreation::Pending> SchemaCreation::attempt(std::vector<Pending> pending) {
  std::vector<Pending> left;
  for (Pending& one : pending) {
    one.reply = wire_.run(one.sql, {}, {});
    if (one.reply.ok()) continue;
    if (lacks_something(one.reply)) left.push_back(std::move(one));
    else if (one.may_fail) leave_out(one);
    else fail(one.sql, one.reply);
  }
  return left;
}

void SchemaCreation::leave_out(const Pending& pending) {
  if (already_there(pending.reply)) return;
  const std::string what = "`" + beginning(pending.sql) + "` was left out of the scratch database: " + pending.reply.message;
  if (left_out_.empty()) left_out_ = what;
  if (note_) note_(what);
}

void SchemaCreation::fail(const std::string& sql, const WireReply& reply) const {
  postgres_error(reply.sqlstate, reply.message, ErrorClass::None, sql);  // throws by itself where nothing else helps
  throw Error(ErrorCode::Database, "the schema cannot be made on this server: " + reply.message + " (in `" + sql.substr(0, kShown) + "`)" +
                                       (left_out_.empty() ? "" : "; " + left_out_));
}

}  // namespace midflight::backends
