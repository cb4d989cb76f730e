#include "domain/api/cursor.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace quickbite::api {
namespace {

const UserId kUser{"u1"};
const ListPlace kPlace{Instant{1'770'091'506'000'007}, OrderId(Uuid{0x0b0f8d5e4b0e5a52, 0x9c5e3a2c1f1f6f0d})};

RC_GTEST_PROP(Cursor, ReadsBackAsThePlaceThatItWasWrittenFor, (std::int64_t us, std::uint64_t high, std::uint64_t low)) {
  const ListPlace place{Instant{us}, OrderId(Uuid{high, low})};
  const std::string text = write_cursor(kUser, place);
  RC_ASSERT(text.size() == 38u);
  RC_ASSERT(read_cursor(kUser, text) == place);
}

TEST(Cursor, ForOneUserIsNoneForAnother) {
  EXPECT_EQ(read_cursor(UserId{"u2"}, write_cursor(kUser, kPlace)), std::nullopt);
}

TEST(Cursor, WithAnyCharacterChangedIsNone) {
  const std::string text = write_cursor(kUser, kPlace);
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : std::string("AZaz09-_.%=+/ ")) {
      std::string other = text;
      other[i] = c;
      EXPECT_EQ(read_cursor(kUser, other).has_value(), other == text) << other;
    }
  }
}

TEST(Cursor, CutOrLengthenedIsNone) {
  const std::string text = write_cursor(kUser, kPlace);
  EXPECT_EQ(read_cursor(kUser, ""), std::nullopt);
  EXPECT_EQ(read_cursor(kUser, text.substr(1)), std::nullopt);
  EXPECT_EQ(read_cursor(kUser, text + "A"), std::nullopt);
}

// Clients keep them: the text of a place stays as it is.
TEST(Cursor, OfAPlaceIsTheSameForEver) {
  EXPECT_EQ(write_cursor(kUser, kPlace), "AAZJ44tvYIcLD41eSw5aUpxeOiwfH28Nd9HnYQ");
}

}  // namespace
}  // namespace quickbite::api
