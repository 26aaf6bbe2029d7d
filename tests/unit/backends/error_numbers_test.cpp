#include <gtest/gtest.h>

#include "backends/load/records.h"

namespace midflight::backends {
namespace {

TEST(ErrorNumbers, SuccessIsNothingAndEveryKindHasItsNumber) {
  ErrorNumbers numbers;
  const ErrorKind name{ErrorClass::Schema, "42703", "column \"name\" does not exist"};
  const ErrorKind other{ErrorClass::Schema, "42703", "column \"other\" does not exist"};
  EXPECT_EQ(numbers.number({}), 0);
  EXPECT_EQ(numbers.number(name), 1);
  EXPECT_EQ(numbers.number(other), 2);
  EXPECT_EQ(numbers.number(name), 1);
  EXPECT_EQ(numbers.kinds(), (std::vector<ErrorKind>{{}, name, other}));
}

TEST(ErrorNumbers, MessagesThatRepeatValuesAreOneKindWithTheFirstMessage) {
  for (const char* sqlstate : {"22P02", "P0001"}) {
    ErrorNumbers numbers;
    for (int i = 0; i < 100'000; ++i) {
      EXPECT_EQ(numbers.number({ErrorClass::Constraint, sqlstate, "not good: \"n" + std::to_string(i) + "\""}), 1);
    }
    EXPECT_EQ(numbers.kinds().back().message, "not good: \"n0\"");
  }
}

TEST(ErrorNumbers, KindsAreNeverTooManyForANumber) {
  ErrorNumbers numbers;
  for (int i = 0; i < 200'000; ++i) numbers.number({ErrorClass::Constraint, std::to_string(10'000 + i), "bad row " + std::to_string(i)});
  EXPECT_LE(numbers.kinds().size(), 2100U);
  EXPECT_EQ(numbers.number({ErrorClass::Constraint, "23000", "another"}), numbers.number({ErrorClass::Constraint, "24000", "and another"}));
}

}  // namespace
}  // namespace midflight::backends
