#include "domain/base/canonical.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <map>

namespace quickbite {
namespace {

using namespace std::string_literals;

template <class T>
std::string encoded(const T& value) {
  Encoder out;
  encode(out, value);
  return out.take();
}

struct Pair {
  int a = 0;
  std::string b;
  auto fields() const { return std::tie(a, b); }
};
struct Nothing {};

TEST(Canonical, SmallNumbersTakeOneByteAndNegativeOnesAreAsShort) {
  EXPECT_EQ(encoded(0), "\x00"s);
  EXPECT_EQ(encoded(-1), "\x01"s);
  EXPECT_EQ(encoded(1), "\x02"s);
  EXPECT_EQ(encoded(63), "\x7E"s);
  EXPECT_EQ(encoded(64), "\x80\x01"s);
}

TEST(Canonical, TheExtremesOfSixtyFourBitsDiffer) {
  using Limits = std::numeric_limits<std::int64_t>;
  EXPECT_EQ(encoded(Limits::max()).size(), 10u);
  EXPECT_NE(encoded(Limits::max()), encoded(Limits::min()));
}

TEST(Canonical, AStructIsItsFieldsAndAnEmptyOneIsNothing) {
  EXPECT_EQ(encoded(Pair{1, "ab"}), "\x02\x02"s + "ab");
  EXPECT_EQ(encoded(Nothing{}), "");
}

TEST(Canonical, TextsAreKeptApartByTheirLengths) {
  using Texts = std::vector<std::string>;
  EXPECT_NE(encoded(Texts{"ab", "c"}), encoded(Texts{"a", "bc"}));
}

TEST(Canonical, AlternativesOfTheSameContentDiffer) {
  using Either = std::variant<Instant, Duration>;
  EXPECT_NE(encoded(Either(Instant{5})), encoded(Either(Duration{5})));
}

TEST(Canonical, AnAbsentValueIsNotAnEmptyOne) {
  using Maybe = std::optional<std::string>;
  EXPECT_NE(encoded(Maybe()), encoded(Maybe("")));
}

TEST(Canonical, AUuidIsSixteenBytesLowestFirstInEachHalf) {
  EXPECT_EQ(encoded(Uuid{1, 2}), "\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0"s);
}

using Value = std::tuple<std::vector<std::string>, std::int64_t, std::pair<bool, std::string>>;

RC_GTEST_PROP(Canonical, ValuesAreEqualExactlyWhereTheirEncodingsAre,
              (Value a, Value b, bool same)) {
  if (same) b = a;
  RC_ASSERT((encoded(a) == encoded(b)) == (a == b));
}

RC_GTEST_PROP(Canonical, AMapIsEncodedTheSameInWhateverOrderItWasFilled,
              (std::map<int, std::string> content)) {
  FlatMap<int, std::string> up;
  FlatMap<int, std::string> down;
  for (auto at = content.begin(); at != content.end(); ++at) up[at->first] = at->second;
  for (auto at = content.rbegin(); at != content.rend(); ++at) down[at->first] = at->second;
  RC_ASSERT(encoded(up) == encoded(down));
}

}  // namespace
}  // namespace quickbite
