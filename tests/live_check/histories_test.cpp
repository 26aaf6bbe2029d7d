// Migrations as the tools have them, statement by statement on a server: it takes no lock that check has not claimed,
// claims too much only where the comment says so, and refuses nothing that check has not foreseen.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "sim/check/check.h"
#include "sim/check/rule.h"
#include "sim/io/histories/history.h"
#include "sim/model/sql_text.h"
#include "tests/support/private_server.h"

namespace midflight::check {
namespace {

namespace fs = std::filesystem;
using Locks = std::map<std::string, LockMode>;  ///< by relation

const fs::path kHistories = fs::path(MIDFLIGHT_SOURCE_DIR) / "tests/live_check/histories";

/// How statements begin for which more is claimed than this server takes.
const std::vector<std::string> kClaimsMore = {
    "ALTER TABLE account ALTER COLUMN created_at TYPE",  // rewritten only where the session's time zone is not UTC
    "INSERT INTO events", "INSERT INTO logs",            // the partitions that no row goes to
    "DELETE FROM a", "UPDATE users u",                   // rows of others are looked up only where one is found
    "DELETE FROM authors",
    "ALTER TABLE posts OWNER TO", "ALTER TABLE archive.orgs OWNER TO",  // it is the owner's already
    "CREATE INDEX ON scratch",                           // a temporary table's
};

bool may_claim_more(const std::string& sql) {
  return std::any_of(kClaimsMore.begin(), kClaimsMore.end(), [&](const std::string& begin) { return sql.starts_with(begin); });
}

bool handles_rows(const std::string& sql) {
  const auto tokens = sql_tokens(sql);
  for (const char* word : {"select", "insert", "update", "delete", "merge", "copy", "with"}) {
    if (!tokens.empty() && is_word(tokens[0], word)) return true;
  }
  return false;
}

bool says_transaction(const std::string& sql) {
  Statement statement;
  statement.sql = sql;
  return transaction_word(statement) != TransactionWord::None;
}

LockMode mode_called(const std::string& name) {
  for (int mode = 0; mode < kLockModes; ++mode) {
    if (lock_mode_name(static_cast<LockMode>(mode)) == name) return static_cast<LockMode>(mode);
  }
  throw Error(ErrorCode::Database, "no lock mode: " + name);
}

void add(Locks& locks, const std::string& relation, LockMode mode) {
  const auto [at, is_new] = locks.emplace(relation, mode);
  if (!is_new) at->second = std::max(at->second, mode);
}

/// The user's relations by their numbers; an index is marked.
struct Relation {
  std::string name;
  bool index = false;
};
using Relations = std::map<std::string, Relation>;

Relations relations_of(backends::PostgresConnection& server) {
  Relations out;
  for (const auto& row : server.query("SELECT c.oid, CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END || relname, relkind IN ('i', 'I') "
                                      "FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname !~ '^(pg_|information_schema)'"))
    out[*row[0]] = {*row[1], *row[2] == "t"};
  return out;
}

/// Reading an index's definition is left out, and so is every index where rows are handled: plans choose.
bool is_left_out(const Relation& relation, LockMode mode, const std::string& sql) {
  return relation.index && (mode == LockMode::AccessShareLock || handles_rows(sql));
}

Locks taken(backends::PostgresConnection& server, const Relations& before, const std::string& sql) {
  Locks out;
  for (const auto& row : server.query("SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'")) {
    const auto known = before.find(*row[0]);
    const LockMode mode = mode_called(*row[1]);
    if (known != before.end() && !is_left_out(known->second, mode, sql)) add(out, known->second.name, mode);
  }
  return out;
}

Locks claimed(const LocksAndWork& work, const Relations& before, const std::string& sql) {
  Locks out;
  for (const Phase& phase : work.phases) {
    for (const RelationLock& lock : phase.locks) {
      const auto known = std::find_if(before.begin(), before.end(), [&](const auto& one) { return one.second.name == lock.relation; });
      const bool left_out = known != before.end() && is_left_out(known->second, lock.mode, sql);
      if (!left_out) add(out, lock.relation, lock.mode);
    }
  }
  return out;
}

std::string text(const Locks& locks) {
  std::string out;
  for (const auto& [relation, mode] : locks) out += relation + " " + std::string(lock_mode_name(mode)) + "; ";
  return out;
}

/// No lock of `some` is stronger than that of `all`.
bool covers(const Locks& all, const Locks& some) {
  return std::all_of(some.begin(), some.end(), [&](const auto& lock) {
    const auto found = all.find(lock.first);
    return found != all.end() && found->second >= lock.second;
  });
}

bool is_foreseen(const ScriptReport& report, const StatementReport& statement) {
  return std::any_of(report.findings.begin(), report.findings.end(), [&](const Finding& finding) {
    const Rule* rule = rule_called(finding.rule);
    return finding.where.begin.line == statement.where.begin.line && rule != nullptr &&
           (rule->concern == Concern::Refusal || finding.rule == "required-column-added");
  });
}

class HistoryTest : public ::testing::TestWithParam<std::string> {
 protected:
  static testing::PrivateServer& server() {
    static testing::PrivateServer one;
    return one;
  }

  void compare(backends::PostgresConnection& session, const ScriptReport& report, const StatementReport& statement) {
    SCOPED_TRACE(statement.where.begin.file + ":" + std::to_string(statement.where.begin.line) + " " + statement.sql);
    if (says_transaction(statement.sql)) return;
    if (statement.work.transaction_forbidden) {
      EXPECT_TRUE(session.run(statement.sql).ok() || is_foreseen(report, statement));
      return;
    }
    const Relations before = relations_of(session);
    session.query("BEGIN");
    const auto reply = session.run(statement.sql);
    if (!reply.ok()) {
      session.query("ROLLBACK");
      EXPECT_TRUE(is_foreseen(report, statement)) << reply.message;
      return;
    }
    const Locks seen = taken(session, before, statement.sql);
    session.query("COMMIT");
    if (!statement.work.understood) return;
    const Locks said = claimed(statement.work, before, statement.sql);
    EXPECT_TRUE(covers(said, seen)) << "claimed: " << text(said) << "\n taken: " << text(seen);
    EXPECT_TRUE(may_claim_more(statement.sql) || covers(seen, said)) << "claimed: " << text(said) << "\n taken: " << text(seen);
    ++compared_;
  }

  int compared_ = 0;
};

TEST_P(HistoryTest, LocksAreThoseThatTheServerTakes) {
  server().connect().query("CREATE DATABASE " + GetParam());
  auto session = server().connect(GetParam());
  if (session.major_version() < 15) GTEST_SKIP() << "some of these statements are new in 15";
  session.query("SET client_min_messages = error");
  Options options;
  options.dialect = {Engine::Postgresql, session.major_version()};
  Checker checker(options);
  const io::History history = io::find_migrations({(kHistories / GetParam()).string()}, {GetParam() == "django" ? "django" : "", std::nullopt});
  for (const io::MigrationFile& file : history.files) {
    const ScriptReport report = checker.check(io::read_migration(file, history));
    for (const StatementReport& statement : report.statements) compare(session, report, statement);
  }
  EXPECT_GT(compared_, 10);
}

INSTANTIATE_TEST_SUITE_P(Tools, HistoryTest,
                         ::testing::Values("flyway", "dbmate", "golang_migrate", "goose", "sqitch", "prisma", "django", "plain", "numbered"),
                         [](const auto& tool) { return tool.param; });

}  // namespace
}  // namespace midflight::check
