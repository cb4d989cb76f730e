#include "domain/base/table.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace quickbite {
namespace {

using Rows = Table<int, std::string>;

std::vector<std::pair<int, std::string>> entries(const Rows& rows) { return {rows.begin(), rows.end()}; }

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

RC_GTEST_PROP(Table, DoesWhatAnOrderedMapDoes, (std::vector<std::tuple<int, int, std::string>> operations)) {
  Rows rows;
  std::map<int, std::string> model;
  for (const auto& [what, wide_key, row] : operations) {
    const int key = wide_key % 8;  // so that keys meet again
    switch (what % 3) {
      case 0:
        RC_ASSERT(rows.insert(key, row) == model.insert({key, row}).second);
        break;
      case 1:
        RC_ASSERT(rows.erase(key) == (model.erase(key) == 1));
        break;
      default:
        rows[key] = row;
        model[key] = row;
    }
    RC_ASSERT(rows.contains(key) == model.contains(key));
    RC_ASSERT(entries(rows) == (std::vector<std::pair<int, std::string>>(model.begin(), model.end())));
  }
}

}  // namespace
}  // namespace quickbite
