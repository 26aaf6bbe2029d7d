#include "sim/model/generated_name.h"

#include <gtest/gtest.h>

// The names are those that PostgreSQL 15 gave.

namespace midflight {
namespace {

const std::string kTable = "a_table_whose_name_is_just_about_fifty_characters_";
const std::string kColumn = "a_column_with_a_rather_long_name_of_forty";

TEST(GeneratedName, JoinsTableMiddleAndLabel) {
  EXPECT_EQ(generated_name("audit.users", "email", "key"), "users_email_key");
  EXPECT_EQ(generated_name("users", "", "pkey"), "users_pkey");
}

TEST(GeneratedName, IsCutByTurnsToSixtyThreeBytes) {
  EXPECT_EQ(generated_name(kTable, kColumn, "idx"), "a_table_whose_name_is_just_ab_a_column_with_a_rather_long_n_idx");
  EXPECT_EQ(generated_name(kTable, kColumn, "check"), "a_table_whose_name_is_just_a_a_column_with_a_rather_long__check");
  EXPECT_EQ(generated_name("t_sixty_characters_long_name_for_a_table_that_is_a_bit_silly_x", "", "pkey"),
            "t_sixty_characters_long_name_for_a_table_that_is_a_bit_sil_pkey");
}

TEST(GeneratedName, IsCutBetweenCharacters) {
  const std::string name = generated_name("größenübersicht_der_länder_über_die_jahre", "überschüssige_längenübermäßigkeit", "idx");
  EXPECT_EQ(name, "größenübersicht_der_lände_überschüssige_längenüberm_idx");
}

TEST(GeneratedName, TakenOneIsNumberedAndCutFurther) {
  EXPECT_EQ(numbered_name("users_email_key", "users", 2), "users_email_key2");
  const auto numbered = [](const std::string& middle, const std::string& label, int n) {
    return numbered_name(generated_name(kTable, middle, label), kTable, n);
  };
  EXPECT_EQ(numbered(kColumn, "idx", 1), "a_table_whose_name_is_just_ab_a_column_with_a_rather_long__idx1");
  EXPECT_EQ(numbered(kColumn, "idx", 2), "a_table_whose_name_is_just_ab_a_column_with_a_rather_long__idx2");
  EXPECT_EQ(numbered(kColumn, "check", 1), "a_table_whose_name_is_just_a_a_column_with_a_rather_long_check1");
  EXPECT_EQ(numbered_name("t_sixty_characters_long_name_for_a_table_that_is_a_bit_sil_pkey",
                          "t_sixty_characters_long_name_for_a_table_that_is_a_bit_silly_x", 1),
            "t_sixty_characters_long_name_for_a_table_that_is_a_bit_si_pkey1");
}

}  // namespace
}  // namespace midflight
