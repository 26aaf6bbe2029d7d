#include <gtest/gtest.h>

#include "backends/postgres/connection.h"
#include "backends/postgres/uri.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

TEST(PostgresUri, WhatIsShownHoldsNoPassword) {
  const PostgresUri uri = read_postgres_uri("postgresql://alice:se%20cret@db.example.org:5433/app");
  EXPECT_EQ(uri.shown, "database app on db.example.org:5433 as alice");
  EXPECT_EQ(uri.password, "se cret");
}

TEST(PostgresUri, PasswordMayBeAParameterOrAKeyword) {
  EXPECT_EQ(read_postgres_uri("postgresql://db/app?user=bob&password=hidden").password, "hidden");
  EXPECT_EQ(read_postgres_uri("host=db user=bob password='hid den'").password, "hid den");
}

TEST(PostgresUri, MessageOfABadOneRepeatsNothingOfIt) {
  try {
    read_postgres_uri("postgresql://alice:secret@db:port/app?no such thing");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::BadInput);
    EXPECT_EQ(std::string(e.what()).find("secret"), std::string::npos) << e.what();
  }
}

TEST(PostgresUri, PasswordIsTakenOutOfAText) {
  const PostgresUri uri{"", "abc", {}};
  EXPECT_EQ(without_password("abc and abcabc", uri), "*** and ******");
  EXPECT_EQ(without_password("nothing to hide", PostgresUri{}), "nothing to hide");
}

TEST(PostgresConnection, ServerThatIsNotThereIsAnErrorWithoutThePassword) {
  try {
    PostgresConnection("postgresql://alice:secret@127.0.0.1:1/app");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::Database);
    const std::string message = e.what();
    EXPECT_NE(message.find("database app on 127.0.0.1:1 as alice"), std::string::npos) << message;
    EXPECT_EQ(message.find("secret"), std::string::npos) << message;
  }
}

TEST(PostgresConnection, QuotesDoubleWhatWouldEndThem) {
  EXPECT_EQ(quoted_literal("it's"), "'it''s'");
  EXPECT_EQ(quoted_literal("a\\b"), "E'a\\\\b'");
  EXPECT_EQ(quoted_identifier("a\"b"), "\"a\"\"b\"");
}

}  // namespace
}  // namespace midflight::backends
