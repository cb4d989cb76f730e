#include "adapters/postgres/writing.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace quickbite::postgres {
namespace {

using Row = std::pair<int, std::string>;

std::vector<Row> values_of(const std::vector<const Row*>& rows) {
  std::vector<Row> out;
  for (const Row* row : rows) out.push_back(*row);
  return out;
}

int key_of(const Row& row) { return row.first; }

TEST(Writing, SortsRowsAndKeepsTheOrderOfEqualKeys) {
  const std::vector<Row> rows = {{2, "a"}, {1, "b"}, {2, "c"}};
  EXPECT_EQ(values_of(sorted(rows, key_of)), (std::vector<Row>{{1, "b"}, {2, "a"}, {2, "c"}}));
}

TEST(Writing, FoldsWhatOneTransactionDoesToARowIntoOneWrite) {
  const std::vector<Row> inserted = {{3, "new"}, {1, "new"}};
  const std::vector<Row> updated = {{2, "first"}, {3, "second"}, {2, "last"}, {3, "last"}};
  const auto rows = folded(inserted, updated, key_of);
  EXPECT_EQ(values_of(rows.inserted), (std::vector<Row>{{1, "new"}, {3, "last"}}));
  EXPECT_EQ(values_of(rows.updated), (std::vector<Row>{{2, "last"}}));
}

// An id that is inserted twice is the database's to refuse.
TEST(Writing, KeepsBothOfTwoInsertsOfOneKey) {
  const std::vector<Row> inserted = {{1, "a"}, {1, "b"}};
  EXPECT_EQ(folded(inserted, {}, key_of).inserted.size(), 2u);
}

TEST(Writing, CutsEachRowsListOutOfOneArray) {
  const std::vector<std::vector<int>> rows = {{7, 8}, {}, {9}};
  std::vector<const std::vector<int>*> pointers;
  for (const auto& row : rows) pointers.push_back(&row);
  const Slices slice = slices(pointers, [](const std::vector<int>& row) -> const std::vector<int>& { return row; });
  EXPECT_EQ(slice.first, (std::vector{1, 3, 3}));
  EXPECT_EQ(slice.last, (std::vector{2, 2, 3}));
}

TEST(Binary, WritesAnArrayAsPostgresReceivesIt) {
  const std::vector<std::optional<std::int32_t>> values = {1, std::nullopt, -2};
  const std::string expected("\0\0\0\1" "\0\0\0\0" "\0\0\0\x17" "\0\0\0\3" "\0\0\0\1"
                             "\0\0\0\4" "\0\0\0\1" "\xFF\xFF\xFF\xFF" "\0\0\0\4" "\xFF\xFF\xFF\xFE", 40);
  EXPECT_EQ(array_of(values, [](const std::optional<std::int32_t>& value) { return value; }), expected);
}

TEST(Binary, WritesAnEmptyArrayWithoutDimensions) {
  EXPECT_EQ(array_of(std::vector<Instant>{}, [](Instant value) { return value; }),
            std::string("\0\0\0\0" "\0\0\0\0" "\0\0\x04\xA0", 12));
}

TEST(Binary, CountsTimeFromTheYear2000) {
  std::string out;
  put_element(out, Instant{946'684'800'000'001});
  EXPECT_EQ(out, std::string("\0\0\0\x08" "\0\0\0\0\0\0\0\1", 12));
}

}  // namespace
}  // namespace quickbite::postgres
