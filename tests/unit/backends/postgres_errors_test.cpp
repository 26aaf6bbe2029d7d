#include "backends/postgres/errors.h"

#include <gtest/gtest.h>

#include "backends/postgres/server_facts.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

ErrorClass class_of(const std::string& state, const std::string& message = "m") {
  return postgres_error(state, message, ErrorClass::RequestTimeout, "SELECT 1").error;
}

TEST(PostgresErrors, HaveTheClassesOfTheSimulation) {
  EXPECT_EQ(class_of("42703"), ErrorClass::Schema);
  EXPECT_EQ(class_of("42P01"), ErrorClass::Schema);
  EXPECT_EQ(class_of("23502"), ErrorClass::Constraint);
  EXPECT_EQ(class_of("23505"), ErrorClass::Constraint);
  EXPECT_EQ(class_of("22001"), ErrorClass::Constraint);
  EXPECT_EQ(class_of("55P03"), ErrorClass::LockTimeout);
  EXPECT_EQ(class_of("40P01"), ErrorClass::Deadlock);
  EXPECT_EQ(class_of("53300"), ErrorClass::Connections);
  EXPECT_EQ(class_of("0A000", "cached plan must not change result type"), ErrorClass::StalePlan);
  EXPECT_EQ(class_of("0A000", "cannot alter type of a column used by a view"), ErrorClass::Schema);
}

TEST(PostgresErrors, ACancelIsWhatWasRunInto) {
  EXPECT_EQ(class_of("57014", "canceling statement due to user request"), ErrorClass::RequestTimeout);
  EXPECT_EQ(class_of("57014", "canceling statement due to statement timeout"), ErrorClass::StatementTimeout);
}

TEST(PostgresErrors, KeepStateAndMessage) {
  EXPECT_EQ(postgres_error("42703", "column \"a\" does not exist", ErrorClass::None, ""),
            (ErrorKind{ErrorClass::Schema, "42703", "column \"a\" does not exist"}));
}

TEST(PostgresErrors, WhatNoApplicationCausesEndsTheReplay) {
  for (const char* state : {"53100", "53200", "58030", "XX000", "42601", "42501"}) {
    try {
      class_of(state, "it went wrong");
      ADD_FAILURE() << state;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::Database);
      EXPECT_NE(std::string(error.what()).find("it went wrong"), std::string::npos);
      EXPECT_EQ(std::string(error.what()).find("disk") != std::string::npos, std::string(state) == "53100");
    }
  }
}

TEST(PostgresErrors, ARefusedConnectionIsKnownByItsWords) {
  EXPECT_TRUE(refuses_connections("FATAL:  sorry, too many clients already"));
  EXPECT_TRUE(refuses_connections("FATAL:  remaining connection slots are reserved for non-replication superuser connections"));
  EXPECT_FALSE(refuses_connections("FATAL:  password authentication failed"));
}

TEST(OldServer, IsRefusedBeforeTwelve) {
  EXPECT_NO_THROW(refuse_old_server(120000, "12.0"));
  EXPECT_THROW(refuse_old_server(110022, "11.22"), Error);
}

}  // namespace
}  // namespace midflight::backends
