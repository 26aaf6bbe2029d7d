#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "sim/kernel/error.h"
#include "tests/conformance/subject.h"

namespace midflight::backends {
namespace {

class EveryBackend : public testing::TestWithParam<Kind> {
 protected:
  EveryBackend() : words_(words_of(GetParam())), backend_(make_backend(GetParam())) { backend_->prepare(users_schema()); }

  static Limits within(Duration length) {
    Limits limits;
    limits.deadline = Clock::now() + std::chrono::nanoseconds(length.ns);
    return limits;
  }

  const Words words_;
  std::unique_ptr<Backend> backend_;
};

TEST_P(EveryBackend, NamesItselfAndItsVersion) {
  EXPECT_FALSE(backend_->name().empty());
  EXPECT_FALSE(backend_->server_version().empty());
}

TEST_P(EveryBackend, PreparedTablesAnswerQueries) {
  const auto session = backend_->open("a");
  const auto rows = session->query("SELECT count(*) FROM users");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0][0], Value(std::int64_t{100}));
}

TEST_P(EveryBackend, AStatementThatFitsSucceeds) {
  const auto session = backend_->open("a");
  const Answer answer = session->run(words_.insert, {std::string("x")}, {});
  EXPECT_TRUE(answer.ok()) << answer.error.message;
}

TEST_P(EveryBackend, AMisfitIsAnErrorOfTheSchemaAndAValue) {
  const auto session = backend_->open("a");
  EXPECT_EQ(session->run(kMisfit, {}, {}).error.error, ErrorClass::Schema);
}

TEST_P(EveryBackend, AQueryThatFailsIsThrown) {
  const auto session = backend_->open("a");
  EXPECT_THROW(session->query(kMisfit), Error);
}

TEST_P(EveryBackend, TheDeadlineCancelsAStatementWithItsClass) {
  const auto session = backend_->open("a");
  const Clock::time_point begin = Clock::now();
  EXPECT_EQ(session->run(kSlow, {}, within(Duration::milliseconds(80))).error.error, ErrorClass::RequestTimeout);
  const auto took = Clock::now() - begin;
  EXPECT_GE(took, std::chrono::milliseconds(75));
  EXPECT_LT(took, std::chrono::milliseconds(1000));
  Limits limits = within(Duration::milliseconds(20));
  limits.deadline_error = ErrorClass::StatementTimeout;
  EXPECT_EQ(session->run(kSlow, {}, limits).error.error, ErrorClass::StatementTimeout);
}

TEST_P(EveryBackend, ALockThatIsNotGrantedInTimeIsAValueWithItsWait) {
  const auto holder = backend_->open("holder"), waiter = backend_->open("waiter");
  ASSERT_TRUE(holder->begin(true, {}).ok());
  ASSERT_TRUE(holder->run(kHeld, {}, {}).ok());
  Limits limits;
  limits.lock_timeout = Duration::milliseconds(60);
  const Answer answer = waiter->run(kBlocked, {}, limits);
  EXPECT_EQ(answer.error.error, ErrorClass::LockTimeout);
  EXPECT_EQ(answer.error.message, words_.lock_timeout);
  EXPECT_GE(answer.lock_wait, Duration::milliseconds(50));
  holder->rollback();
}

TEST_P(EveryBackend, AWriterShowsInTheLockSamplesUntilItCommits) {
  const auto session = backend_->open("writer");
  ASSERT_TRUE(session->begin(true, {}).ok());
  ASSERT_TRUE(session->run(kHeld, {}, {}).ok());
  const auto samples = backend_->locks();
  const auto mine = std::find_if(samples.begin(), samples.end(), [](const LockSample& s) { return s.session == "writer"; });
  ASSERT_NE(mine, samples.end());
  EXPECT_TRUE(mine->granted);
  EXPECT_EQ(mine->mode, words_.write_lock);
  EXPECT_EQ(mine->relation, words_.relation);
  ASSERT_TRUE(session->commit({}).ok());
  EXPECT_TRUE(backend_->locks().empty());
}

TEST_P(EveryBackend, RollbackWithoutATransactionDoesNothing) {
  const auto session = backend_->open("a");
  session->rollback();
  EXPECT_TRUE(session->begin(false, {}).ok());
  session->rollback();
  EXPECT_TRUE(session->begin(true, {}).ok());
}

TEST_P(EveryBackend, CancelEndsARunningStatementSoon) {
  const auto session = backend_->open("a");
  std::thread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    backend_->cancel();
  });
  const Clock::time_point begin = Clock::now();
  EXPECT_THROW(session->run(kSlow, {}, {}), Error);
  EXPECT_LT(Clock::now() - begin, std::chrono::milliseconds(250));
  canceller.join();
  EXPECT_THROW(session->run(kSlow, {}, {}), Error);
}

TEST_P(EveryBackend, TheStopFlagEndsARunningStatementSoon) {
  std::atomic<bool> stop{false};
  BackendOptions options;
  options.stop = &stop;
  const auto backend = make_backend(GetParam(), options);
  backend->prepare(users_schema());
  const auto session = backend->open("a");
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    stop = true;
  });
  const Clock::time_point begin = Clock::now();
  try {
    session->run(kSlow, {}, {});
    ADD_FAILURE() << "the statement ended by itself";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Interrupted);
  }
  EXPECT_LT(Clock::now() - begin, std::chrono::milliseconds(250));
  stopper.join();
}

TEST_P(EveryBackend, SessionsOfManyThreadsWorkAtOnce) {
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      const auto session = backend_->open("s" + std::to_string(i));
      for (int k = 0; k < 20; ++k) {
        good += session->run(words_.insert, {std::string("n")}, {}).ok() ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 160);
}

std::string kind_name(const testing::TestParamInfo<Kind>& test) {
  switch (test.param) {
    case Kind::Fake: return "Fake";
    case Kind::SqliteWal: return "SqliteWal";
    case Kind::SqliteDelete: return "SqliteDelete";
    case Kind::Postgres: return "Postgres";
  }
  return "";
}

INSTANTIATE_TEST_SUITE_P(Backends, EveryBackend, testing::Values(Kind::Fake, Kind::SqliteWal, Kind::SqliteDelete,
                                                                   Kind::Postgres), kind_name);

}  // namespace
}  // namespace midflight::backends
