#include "backends/postgres/wire.h"

#include <gtest/gtest.h>

#include <thread>

#include "sim/kernel/error.h"
#include "tests/live_replay/server.h"

// Rows sent to a server that refuses them, says something else meanwhile, or reads no more.

namespace midflight::live_replay {
namespace {

using namespace backends;

constexpr int kChunks = 2000;

class Copying : public ::testing::Test {
 protected:
  Copying() {
    server().connect().query("CREATE TABLE copied (id integer PRIMARY KEY, words text)");
    std::string refused;
    wire_ = Wire::connect(uri_, stop_, "copy", refused);
    EXPECT_TRUE(wire_->begin_copy("COPY copied FROM STDIN").ok());
  }
  ~Copying() override {
    wire_.reset();
    server().connect().query("DROP TABLE copied");
  }
  /// About 64 KB of rows.
  std::string chunk() {
    std::string lines;
    for (int i = 0; i < 1000; ++i) lines += std::to_string(++rows_) + "\tsixty-four bytes or so of words, to make a chunk of some size\n";
    return lines;
  }

  PostgresUri uri_ = read_postgres_uri(uri());
  PostgresStop stop_{nullptr};
  std::unique_ptr<Wire> wire_;
  int rows_ = 0;
};

TEST_F(Copying, EndsSoonAfterARowThatIsRefused) {
  EXPECT_TRUE(wire_->copy("no number\tx\n"));
  int sent = 0;
  while (sent < kChunks && wire_->copy(chunk())) ++sent;
  EXPECT_LT(sent, kChunks / 10);
  const WireReply reply = wire_->end_copy();
  EXPECT_EQ(reply.sqlstate, "22P02");
  EXPECT_TRUE(wire_->run("SELECT 1", {}, {}).ok());
}

TEST_F(Copying, GoesOnAfterANotice) {
  auto other = server().connect();
  other.query("CREATE FUNCTION say() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE NOTICE 'hm'; RETURN NULL; END$$");
  wire_->end_copy();
  other.query("CREATE TRIGGER say AFTER INSERT ON copied FOR EACH ROW WHEN (new.id % 1000 = 0) EXECUTE FUNCTION say()");
  ASSERT_TRUE(wire_->begin_copy("COPY copied FROM STDIN").ok());
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(wire_->copy(chunk()));
  EXPECT_TRUE(wire_->end_copy().ok());
  EXPECT_EQ(other.value("SELECT count(*) FROM copied"), "100000");
  other.query("DROP FUNCTION say CASCADE");
}

// It waits for a lock, and so takes no more than fits between us.
TEST_F(Copying, IsInterruptedWhileTheServerReadsNothing) {
  wire_->end_copy();
  auto holder = server().connect();
  holder.query("CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_xact_lock(7); RETURN new; END$$");
  holder.query("CREATE TRIGGER wait BEFORE INSERT ON copied FOR EACH ROW EXECUTE FUNCTION wait(); SELECT pg_advisory_lock(7)");
  ASSERT_TRUE(wire_->begin_copy("COPY copied FROM STDIN").ok());
  std::thread impatient([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    stop_.set();
  });
  const auto begin = Clock::now();
  EXPECT_THROW(for (int i = 0; i < kChunks; ++i) wire_->copy(chunk()), Error);
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(2));
  impatient.join();
  wire_.reset();
  holder.query("SELECT pg_advisory_unlock(7)");
  holder.query("DROP FUNCTION wait CASCADE");
}

}  // namespace
}  // namespace midflight::live_replay
