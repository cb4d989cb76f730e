#include "domain/base/table.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "domain/base/test_ordered_map.h"

namespace quickbite {
namespace {

using Rows = Table<int, std::string>;

TEST(Table, InsertChangesNothingWhereTheKeyIsThere) {
  Rows rows;
  EXPECT_TRUE(rows.insert(1, "a"));
  EXPECT_FALSE(rows.insert(1, "b"));
  EXPECT_EQ(*rows.find(1), "a");
}

TEST(Table, TellsItsRowsByKeyInWhateverOrderTheyCame) {
  Rows rows;
  for (const int key : {5, 1, 4, 2, 3}) rows.insert(key, std::to_string(key));
  int next = 1;
  for (const auto& [key, row] : rows) {
    EXPECT_EQ(key, next++);
    EXPECT_EQ(row, std::to_string(key));
  }
  EXPECT_EQ((rows.end() - 1)->second, "5");
}

TEST(Table, ARowStaysWhereItIsWhileOthersAreWritten) {
  Rows rows;
  rows.insert(2, "b");
  rows.insert(9, "z");
  const std::string* where = rows.find(2);
  rows[9] = "y";
  *rows.find(9) += "x";
  EXPECT_EQ(rows.find(2), where);
}

TEST(Table, TwoThatHoldTheSameRowsAreEqualInWhateverOrderTheyCame) {
  Rows forwards;
  Rows backwards;
  for (int key = 0; key < 5; ++key) {
    forwards.insert(key, std::to_string(key));
    backwards.insert(4 - key, std::to_string(4 - key));
  }
  EXPECT_EQ(forwards, backwards);
  backwards[2] = "other";
  EXPECT_FALSE(forwards == backwards);
}

RC_GTEST_PROP(Table, DoesWhatAnOrderedMapDoes, (const MapOperations& operations)) {
  does_what_an_ordered_map_does<Rows>(operations);
}

}  // namespace
}  // namespace quickbite
