#include "backends/postgres/wire.h"

#include <libpq-fe.h>

#include <array>
#include <utility>

#include "backends/postgres/errors.h"
#include "backends/postgres/patience.h"
#include "backends/postgres/values.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

constexpr auto kConnectMax = std::chrono::seconds(10);
constexpr auto kCancelMax = std::chrono::seconds(5);
constexpr auto kLook = std::chrono::milliseconds(20);

/// Parameters as libpq takes them: text, or null.
class TextParameters {
 public:
  explicit TextParameters(const Row& values) {
    texts_.reserve(values.size());
    for (const Value& value : values) {
      texts_.push_back(postgres_text(value));
      pointers_.push_back(texts_.back() ? texts_.back()->c_str() : nullptr);
    }
  }
  int count() const { return static_cast<int>(pointers_.size()); }
  const char* const* data() const { return pointers_.data(); }

 private:
  std::vector<std::optional<std::string>> texts_;
  std::vector<const char*> pointers_;
};

std::string field_of(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text != nullptr ? text : "";
}

std::int64_t count_of(const PGresult* result) {
  if (PQresultStatus(result) == PGRES_TUPLES_OK) return PQntuples(result);
  return std::strtoll(PQcmdTuples(const_cast<PGresult*>(result)), nullptr, 10);
}

Value value_at(const PGresult* result, int row, int column) {
  if (PQgetisnull(result, row, column) != 0) return std::monostate{};
  return postgres_value(PQftype(result, column), PQgetvalue(result, row, column),
                        static_cast<std::size_t>(PQgetlength(result, row, column)));
}

Row row_at(const PGresult* result, int row) {
  Row values;
  for (int column = 0; column < PQnfields(result); ++column) values.push_back(value_at(result, row, column));
  return values;
}

/// 57P01 to 57P03: the server ends us or itself; 08: the connection is broken.
bool ends_the_connection(const std::string& state) { return state.starts_with("57P0") || state.starts_with("08"); }

}  // namespace

Wire::Wire(pg_conn* connection, const PostgresUri& uri, const PostgresStop& stop)
    : connection_(connection), uri_(uri), stop_(stop) {}

Wire::~Wire() { PQfinish(connection_); }

std::unique_ptr<Wire> Wire::connect(const PostgresUri& uri, const PostgresStop& stop, const std::string& name,
                                    std::string& refused) {
  PostgresUri named = uri;
  named.keywords["application_name"] = ("midflight " + name).substr(0, 60);
  named.keywords["client_encoding"] = "UTF8";
  std::unique_ptr<Wire> wire(new Wire(PQconnectStart(connection_text(named).c_str()), uri, stop));
  PGconn* connection = wire->connection_;
  if (connection != nullptr) PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);  // for the state
  const Clock::time_point until = Clock::now() + kConnectMax;
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  while (connection != nullptr && PQstatus(connection) != CONNECTION_BAD && state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED) {
    if (!stop.await(PQsocket(connection), state == PGRES_POLLING_WRITING ? Ready::Write : Ready::Read, until)) break;
    state = PQconnectPoll(connection);
  }
  if (connection != nullptr && PQstatus(connection) == CONNECTION_OK) {
    PQsetErrorVerbosity(connection, PQERRORS_DEFAULT);
    PQsetNoticeProcessor(connection, [](void*, const char*) {}, nullptr);  // or libpq prints them
    return wire;
  }
  const std::string said = connection != nullptr ? PQerrorMessage(connection) : "out of memory";
  const std::string why = without_password(first_line(said.empty() ? "it does not answer within 10 s" : without_state(said)), uri);
  if (refuses_connections(said)) return refused = why, nullptr;
  throw Error(ErrorCode::Database, "no connection to " + uri.shown + ": " + why);
}

WireReply Wire::run(const std::string& sql, const Row& parameters, const Limits& limits, bool keep_all) {
  stop_.check();
  const TextParameters texts(parameters);
  sent(parameters.empty() ? PQsendQuery(connection_, sql.c_str())
                          : PQsendQueryParams(connection_, sql.c_str(), texts.count(), nullptr, texts.data(), nullptr, nullptr, 0));
  return collect(limits, keep_all);
}

WireReply Wire::prepare(const std::string& name, const std::string& sql, const Limits& limits) {
  stop_.check();
  sent(PQsendPrepare(connection_, name.c_str(), sql.c_str(), 0, nullptr));
  return collect(limits, false);
}

WireReply Wire::run_prepared(const std::string& name, const Row& parameters, const Limits& limits, bool keep_all) {
  stop_.check();
  const TextParameters texts(parameters);
  sent(PQsendQueryPrepared(connection_, name.c_str(), texts.count(), texts.data(), nullptr, nullptr, 0));
  return collect(limits, keep_all);
}

void Wire::sent(int done) const {
  if (done == 0) lost(PQerrorMessage(connection_));
}

WireReply Wire::collect(const Limits& limits, bool keep_all) {
  WireReply reply;
  cancelled_ = false;
  while (pg_result* result = next_result(limits)) {
    const std::unique_ptr<pg_result, void (*)(pg_result*)> owned(result, PQclear);
    take(result, keep_all, reply);
    if (PQresultStatus(result) == PGRES_COPY_IN) break;
  }
  reply.cancelled = cancelled_;
  if (PQstatus(connection_) == CONNECTION_BAD) lost(reply.message.empty() ? PQerrorMessage(connection_) : reply.message);
  return reply;
}

pg_result* Wire::next_result(const Limits& limits) {
  while (PQisBusy(connection_) != 0) {
    const Clock::time_point until = cancelled_ ? patience_ : limits.deadline;
    if (stop_.await(PQsocket(connection_), Ready::Reply, until, cancelled_ ? nullptr : limits.enough)) {
      if (PQconsumeInput(connection_) == 0) lost(PQerrorMessage(connection_));
      continue;
    }
    if (cancelled_) lost("it does not cancel what it was asked to");
    ask_to_cancel();
    cancelled_ = true;
    patience_ = Clock::now() + kCancelMax;
  }
  return PQgetResult(connection_);
}

void Wire::ask_to_cancel() const {
  const std::shared_ptr<PGcancel> cancel(PQgetCancel(connection_), PQfreeCancel);
  if (!cancel) return;
  // That it arrives is seen from how the call ends.
  const bool taken = ends_within(kCancelMax, [cancel] {
    std::array<char, 256> why{};
    PQcancel(cancel.get(), why.data(), static_cast<int>(why.size()));
  });
  if (!taken) lost("the server does not answer");
}

void Wire::take(const pg_result* result, bool keep_all, WireReply& reply) const {
  switch (PQresultStatus(result)) {
    case PGRES_TUPLES_OK:
      reply.first.reset();
      if (PQntuples(result) > 0 && PQnfields(result) > 0) reply.first = value_at(result, 0, 0);
      for (int row = 0; keep_all && row < PQntuples(result); ++row) reply.all.push_back(row_at(result, row));
      [[fallthrough]];
    case PGRES_COMMAND_OK: reply.rows = count_of(result); return;
    case PGRES_FATAL_ERROR: case PGRES_BAD_RESPONSE: break;
    default: return;
  }
  if (!reply.ok()) return;
  reply.sqlstate = field_of(result, PG_DIAG_SQLSTATE);
  reply.message = without_password(field_of(result, PG_DIAG_MESSAGE_PRIMARY), uri_);
  reply.source = field_of(result, PG_DIAG_SOURCE_FUNCTION);
  if (reply.sqlstate.empty() || ends_the_connection(reply.sqlstate)) lost(reply.message.empty() ? PQresultErrorMessage(result) : reply.message);
}

WireReply Wire::begin_copy(const std::string& sql) {
  copy_sql_ = sql;
  refusal_.reset();
  spoken_ = false;
  WireReply reply = run(sql, {}, {});
  if (reply.ok()) PQsetnonblocking(connection_, 1);  // or libpq waits by itself, as long as a server hangs
  return reply;
}

bool Wire::copy(const std::string& lines) {
  stop_.check();
  look();
  if (PQputCopyData(connection_, lines.data(), static_cast<int>(lines.size())) != 1) lost(PQerrorMessage(connection_));
  flush();
  if (!std::exchange(spoken_, false)) return true;
  // libpq tells of no error before the end, and what the server says may be a notice.
  WireReply reply = end_copy();
  if (reply.ok()) reply = begin_copy(copy_sql_);
  if (reply.ok()) return true;
  refusal_ = std::move(reply);
  return false;
}

WireReply Wire::end_copy() {
  if (refusal_) return *std::exchange(refusal_, std::nullopt);
  sent(PQputCopyEnd(connection_, nullptr) == 1 ? 1 : 0);
  flush();
  sent(PQsetnonblocking(connection_, 0) == 0 ? 1 : 0);
  return collect({}, false);
}

// Before libpq takes it in, as it may whenever it sends; then nobody sees it until the end.
void Wire::look() { spoken_ |= await_socket(PQsocket(connection_), Ready::Read, Clock::now()); }

void Wire::flush() {
  for (;;) {
    look();
    const int left = PQflush(connection_);
    if (left == 0) return;
    if (left < 0) lost(PQerrorMessage(connection_));
    stop_.await(PQsocket(connection_), Ready::Write, Clock::now() + kLook);
  }
}

bool Wire::in_transaction() const { return PQtransactionStatus(connection_) != PQTRANS_IDLE; }
int Wire::process() const { return PQbackendPID(connection_); }
int Wire::server_version() const { return PQserverVersion(connection_); }

void Wire::lost(const std::string& why) const {
  throw Error(ErrorCode::Database, "the connection to " + uri_.shown + " is lost: " + without_password(first_line(why), uri_));
}

}  // namespace midflight::backends
