#include "backends/postgres/errors.h"

#include <gtest/gtest.h>

#include "backends/postgres/server_facts.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

ErrorClass class_of(const std::string& state, const std::string& message = "m", const std::string& source = "") {
  return postgres_error(state, message, ErrorClass::RequestTimeout, "SELECT 1", source).error;
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
  EXPECT_EQ(class_of("0A000", "gecachter Plan darf den Ergebnistyp nicht \303\244ndern", "RevalidateCachedQuery"), ErrorClass::StalePlan);
  EXPECT_EQ(class_of("0A000", "cannot alter type of a column used by a view"), ErrorClass::Schema);
}

TEST(PostgresErrors, ACancelIsWhatWasRunInto) {
  EXPECT_EQ(class_of("57014", "storniere Anfrage wegen Benutzeraufforderung"), ErrorClass::RequestTimeout);
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

TEST(PostgresErrors, ARefusedConnectionIsKnownByItsStateInAnyLanguage) {
  EXPECT_TRUE(refuses_connections("FATAL:  53300: sorry, too many clients already\nLOCATION:  InitProcess, proc.c:358"));
  EXPECT_TRUE(refuses_connections("connection to server at \"::1\", port 5432 failed: FATALES:  53300: tut mir leid, schon zu viele Verbindungen"));
  EXPECT_FALSE(refuses_connections("FATAL:  28P01: password authentication failed for user \"53300\""));
  EXPECT_FALSE(refuses_connections("could not connect to server: Connection refused"));
}

TEST(PostgresErrors, AVerboseMessageIsShownWithoutItsState) {
  EXPECT_EQ(without_state("FATAL:  53300: sorry, too many clients already"), "FATAL:  sorry, too many clients already");
  EXPECT_EQ(without_state("connection to server failed: FATAL:  28P01: no:  way"), "connection to server failed: FATAL:  no:  way");
  EXPECT_EQ(without_state("no answer:  x"), "no answer:  x");
}

TEST(OldServer, IsRefusedBeforeTwelve) {
  EXPECT_NO_THROW(refuse_old_server(120000, "12.0"));
  EXPECT_THROW(refuse_old_server(110022, "11.22"), Error);
}

}  // namespace
}  // namespace midflight::backends
