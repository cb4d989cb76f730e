#include "domain/base/flat_map.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "domain/base/test_ordered_map.h"

namespace quickbite {
namespace {

using Map = FlatMap<int, std::string>;

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

RC_GTEST_PROP(FlatMap, DoesWhatAnOrderedMapDoes, (const MapOperations& operations)) {
  does_what_an_ordered_map_does<Map>(operations);
}

}  // namespace
}  // namespace quickbite
