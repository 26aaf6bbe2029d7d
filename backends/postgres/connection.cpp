#include "backends/postgres/connection.h"

#include <pqxx/pqxx>

#include "backends/postgres/canceller.h"
#include "backends/postgres/uri.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

/// Collects what the server says besides its answers.
class Notices : public pqxx::errorhandler {
 public:
  explicit Notices(pqxx::connection& connection) : pqxx::errorhandler(connection) {}
  bool operator()(const char message[]) noexcept override {
    try {
      messages_.emplace_back(message);
      while (!messages_.back().empty() && messages_.back().back() == '\n') messages_.back().pop_back();
    } catch (...) {  // out of memory: a notice is the least of our troubles
    }
    return false;
  }
  std::vector<std::string> take() { return std::exchange(messages_, {}); }

 private:
  std::vector<std::string> messages_;
};

std::vector<TextRow> rows_of(const pqxx::result& result) {
  std::vector<TextRow> rows;
  rows.reserve(result.size());
  for (const auto& from : result) {
    TextRow& row = rows.emplace_back();
    for (const auto& field : from) {
      row.push_back(field.is_null() ? std::nullopt : std::optional<std::string>(std::in_place, field.c_str(), field.size()));
    }
  }
  return rows;
}

std::int64_t affected_by(const pqxx::result& result) {
  return result.columns() > 0 ? static_cast<std::int64_t>(result.size()) : static_cast<std::int64_t>(result.affected_rows());
}

/// What is said last counts: ten seconds unless the user says otherwise.
std::unique_ptr<pqxx::connection> connect(const PostgresUri& uri) {
  try {
    return std::make_unique<pqxx::connection>("connect_timeout=10 " + connection_text(uri));
  } catch (const std::exception& e) {
    throw Error(ErrorCode::Database, "no connection to " + uri.shown + ": " + without_password(first_line(e.what()), uri));
  }
}

/// libpqxx gives these a class instead of a code.
std::string rollback_state(const pqxx::transaction_rollback& error) {
  if (dynamic_cast<const pqxx::deadlock_detected*>(&error) != nullptr) return "40P01";
  if (dynamic_cast<const pqxx::serialization_failure*>(&error) != nullptr) return "40001";
  if (dynamic_cast<const pqxx::statement_completion_unknown*>(&error) != nullptr) return "40003";
  return "40000";
}

std::string doubled(const std::string& text, char quote) {
  std::string result(1, quote);
  for (const char c : text) {
    if (c == quote) result += quote;
    result += c;
  }
  return result + quote;
}

}  // namespace

// Destroyed from below: the handler must go before the connection it listens to.
struct PostgresConnection::Handle {
  PostgresUri uri;
  std::unique_ptr<pqxx::connection> connection;
  std::unique_ptr<Notices> notices;
  const std::atomic<bool>* stop = nullptr;
  std::unique_ptr<Canceller> canceller;

  explicit Handle(const std::string& text)
      : uri(read_postgres_uri(text)), connection(connect(uri)), notices(std::make_unique<Notices>(*connection)) {}

  void check_stop() const {
    if (stop != nullptr && *stop) throw Error(ErrorCode::Interrupted, "interrupted");
  }

  void cancel() const noexcept {
    try {
      connection->cancel_query();
    } catch (const std::exception&) {  // it is not running, or gone: both are what was asked for
    }
  }

  [[noreturn]] void lost(const char* why) const {
    throw Error(ErrorCode::Database, "the connection to " + uri.shown + " is lost: " + without_password(first_line(why), uri));
  }
};

PostgresConnection::PostgresConnection(const std::string& uri) : handle_(std::make_unique<Handle>(uri)) {}
PostgresConnection::~PostgresConnection() = default;
PostgresConnection::PostgresConnection(PostgresConnection&&) noexcept = default;

PostgresConnection PostgresConnection::another() const {
  PostgresConnection session(connection_text(handle_->uri));
  if (handle_->stop != nullptr) session.end_with(*handle_->stop);
  return session;
}

PostgresReply PostgresConnection::run(const std::string& sql) {
  PostgresReply reply;
  handle_->check_stop();
  try {
    // libpqxx would connect again without a word.
    if (!handle_->connection->is_open()) handle_->lost("it was closed");
    pqxx::nontransaction session(*handle_->connection);
    const pqxx::result result = session.exec(sql);
    reply.rows = rows_of(result);
    reply.affected = affected_by(result);
  } catch (const pqxx::broken_connection& e) {
    handle_->lost(e.what());
  } catch (const pqxx::transaction_rollback& e) {  // in libpqxx 7 a kind of the next one, in 6 not
    reply.sqlstate = rollback_state(e);
    reply.message = without_password(first_line(e.what()), handle_->uri);
  } catch (const pqxx::sql_error& e) {
    if (!handle_->connection->is_open()) handle_->lost(e.what());
    reply.sqlstate = e.sqlstate().empty() ? "XX000" : e.sqlstate();
    if (reply.sqlstate == "57014") handle_->check_stop();
    reply.message = without_password(first_line(e.what()), handle_->uri);
  } catch (const pqxx::failure& e) {
    handle_->lost(e.what());
  }
  return reply;
}

std::vector<TextRow> PostgresConnection::query(const std::string& sql) {
  PostgresReply reply = run(sql);
  if (reply.ok()) return std::move(reply.rows);
  throw Error(ErrorCode::Database, "PostgreSQL: " + reply.message + " (in `" + sql.substr(0, 200) + "`)");
}

std::string PostgresConnection::value(const std::string& sql) {
  const auto rows = query(sql);
  MIDFLIGHT_CHECK(!rows.empty() && !rows.front().empty() && rows.front().front());
  return *rows.front().front();
}

void PostgresConnection::end_with(const std::atomic<bool>& stop) {
  handle_->stop = &stop;
  handle_->canceller = std::make_unique<Canceller>(stop, [handle = handle_.get()] { handle->cancel(); });
}

std::vector<std::string> PostgresConnection::take_notices() { return handle_->notices->take(); }
int PostgresConnection::process_id() const { return handle_->connection->backendpid(); }
int PostgresConnection::server_version() const { return handle_->connection->server_version(); }

void PostgresConnection::cancel() noexcept { handle_->cancel(); }

std::string quoted_literal(const std::string& text) {
  const std::string plain = doubled(text, '\'');
  if (text.find('\\') == std::string::npos) return plain;
  std::string escaped = "E";
  for (const char c : plain) escaped += c == '\\' ? std::string("\\\\") : std::string(1, c);
  return escaped;
}

std::string quoted_identifier(const std::string& name) { return doubled(name, '"'); }

}  // namespace midflight::backends
