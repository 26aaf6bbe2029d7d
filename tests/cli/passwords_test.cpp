#include "cli/passwords.h"

#include <gtest/gtest.h>

#include <string>

namespace midflight::cli {
namespace {

std::string shown(std::string argument) {
  hide_password(argument.data());
  return argument;
}

TEST(HiddenPassword, OfAUriEndsAtTheLastSignBeforeTheDatabase) {
  EXPECT_EQ(shown("postgresql://alice:secret@db/app"), "postgresql://alice:******@db/app");
  EXPECT_EQ(shown("postgresql://alice:se?cr@t@db/app"), "postgresql://alice:*******@db/app");
  EXPECT_EQ(shown("postgresql://alice@db/app"), "postgresql://alice@db/app");
}

TEST(HiddenPassword, IsEveryParameterOfAUri) {
  EXPECT_EQ(shown("postgresql://db/app?sslpassword=x&user=a&password=two%20words&port=1"),
            "postgresql://db/app?sslpassword=*&user=a&password=***********&port=1");
}

TEST(HiddenPassword, IsEveryKeywordWhole) {
  EXPECT_EQ(shown("host=db sslpassword=x password=y user=a"), "host=db sslpassword=* password=* user=a");
  EXPECT_EQ(shown("password='two words' host=db"), "password=*********** host=db");
  EXPECT_EQ(shown("password='it\\'s a' host=db"), "password=********* host=db");
  EXPECT_EQ(shown("password = y host=db"), "password = * host=db");
  EXPECT_EQ(shown("password=a\\ b host=db"), "password=**** host=db");
  EXPECT_EQ(shown("password='never closed host=db"), "password=*********************");
  EXPECT_EQ(shown("--on=user=a password=b&c"), "--on=user=a password=***");
}

TEST(HiddenPassword, WithoutOneNothingIsHidden) {
  for (const char* plain : {"", "password", "password ", "scenario.yaml", "host=db passfile=/home/a/.pgpass", "passwords/of=us"}) EXPECT_EQ(shown(plain), plain);
}

}  // namespace
}  // namespace midflight::cli
