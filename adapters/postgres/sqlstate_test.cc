#include "adapters/postgres/sqlstate.h"

#include "gtest/gtest.h"

namespace quickbite::postgres {
namespace {

TEST(Sqlstate, AConflictIsAborted) {
  for (const char* state : {"40001", "40P01", "23505", "55P03", "25P03", "0A000"}) {
    EXPECT_EQ(meaning_of(state), Meaning::kAborted) << state;
  }
}

TEST(Sqlstate, BadDataAndATimedOutStatementAreRefused) {
  for (const char* state : {"22001", "22003", "22021", "22P02", "23502", "23514", "54000", "57014"}) {
    EXPECT_EQ(meaning_of(state), Meaning::kRefused) << state;
  }
}

TEST(Sqlstate, AServerThatCannotServeIsUnavailable) {
  for (const char* state : {"53100", "53200", "53300", "57P01", "57P02", "57P03", "25006", "08006", "58030"}) {
    EXPECT_EQ(meaning_of(state), Meaning::kUnavailable) << state;
  }
}

TEST(Sqlstate, AnotherSchemaIsAMismatch) {
  for (const char* state : {"42P01", "42703", "42501", "42883", "3D000", "3F000", "28P01", "P0001"}) {
    EXPECT_EQ(meaning_of(state), Meaning::kMismatched) << state;
  }
}

TEST(Sqlstate, WhatNobodyForesawNeverCondemnsARecord) {
  for (const char* state : {"", "XX000", "55000", "99999", "Z", "25001"}) {
    EXPECT_EQ(meaning_of(state), Meaning::kUnavailable) << state;
  }
}

TEST(Sqlstate, ASessionThatEndedIsToldFromOneThatGoesOn) {
  for (const char* state : {"", "57P01", "57P02", "57P03", "57P05", "25P03", "0A000", "08006", "26000", "XX000"}) {
    EXPECT_TRUE(ends_session(state)) << state;
  }
  for (const char* state : {"40001", "40P01", "23505", "55P03", "22021", "57014", "53100", "42P01"}) {
    EXPECT_FALSE(ends_session(state)) << state;
  }
}

}  // namespace
}  // namespace quickbite::postgres
