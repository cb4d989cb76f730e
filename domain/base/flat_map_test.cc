#include "domain/base/flat_map.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace quickbite {
namespace {

using Map = FlatMap<int, std::string>;

std::vector<std::pair<int, std::string>> entries(const Map& map) {
  return {map.begin(), map.end()};
}

TEST(FlatMap, InsertChangesNothingWhereTheKeyIsThere) {
  Map map;
  EXPECT_TRUE(map.insert(1, "a"));
  EXPECT_FALSE(map.insert(1, "b"));
  EXPECT_EQ(*map.find(1), "a");
}

TEST(FlatMap, IndexingMakesAnEmptyValueWhereThereIsNone) {
  Map map;
  EXPECT_EQ(map[7], "");
  EXPECT_EQ(map.size(), 1u);
}

TEST(FlatMap, EraseSaysWhetherThereWasAnything) {
  Map map;
  map[1] = "a";
  EXPECT_TRUE(map.erase(1));
  EXPECT_FALSE(map.erase(1));
  EXPECT_TRUE(map.empty());
}

RC_GTEST_PROP(FlatMap, DoesWhatAnOrderedMapDoes,
              (std::vector<std::tuple<int, int, std::string>> operations)) {
  Map map;
  std::map<int, std::string> model;
  for (const auto& [what, wide_key, value] : operations) {
    const int key = wide_key % 8;  // so that keys meet again
    switch (what % 3) {
      case 0:
        RC_ASSERT(map.insert(key, value) == model.insert({key, value}).second);
        break;
      case 1:
        RC_ASSERT(map.erase(key) == (model.erase(key) == 1));
        break;
      default:
        map[key] = value;
        model[key] = value;
    }
    RC_ASSERT(map.contains(key) == model.contains(key));
    RC_ASSERT(entries(map) ==
              (std::vector<std::pair<int, std::string>>(model.begin(), model.end())));
  }
}

}  // namespace
}  // namespace quickbite
