#include "domain/base/hash.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "domain/base/bytes.h"

namespace quickbite {
namespace {

// Partitions, shards and trace hashes rest on these: a change of one moves every key of a running
// system.
TEST(Hash, ItsValuesAreFixedForEver) {
  EXPECT_EQ(hash_of(""), 0x43A2B65F116AAE0Aull);
  EXPECT_EQ(hash_of("a"), 0xE06D2A09DCCE7D1Cull);
  EXPECT_EQ(hash_of("12345678"), 0x92370466CD363D26ull);
  EXPECT_EQ(hash_of("123456789"), 0x21C779B8635092AAull);
  EXPECT_EQ(scramble(1), 0x5692161D100B05E5ull);
}

TEST(Hash, TrailingZeroBytesCount) {
  EXPECT_NE(hash_of(std::string("a")), hash_of(std::string("a\0", 2)));
  EXPECT_NE(hash_of(std::string(8, '\0')), hash_of(std::string(16, '\0')));
}

TEST(Hash, TheOrderOfValuesCounts) {
  Hash64 a;
  a.add(1);
  a.add(2);
  Hash64 b;
  b.add(2);
  b.add(1);
  EXPECT_NE(a.digest(), b.digest());
}

RC_GTEST_PROP(Hash, OneChangedBitChangesTheHash, (std::string text)) {
  RC_PRE(!text.empty());
  std::string other = text;
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  other[at] = static_cast<char>(other[at] ^ (1 << *rc::gen::inRange(0, 8)));
  RC_ASSERT(hash_of(text) != hash_of(other));
}

RC_GTEST_PROP(Hash, BytesKnowTheHashOfTheirContent, (std::string text)) {
  const Bytes bytes(text);
  RC_ASSERT(bytes.hash() == hash_of(text));
  RC_ASSERT(bytes == Bytes(text));
  RC_ASSERT(!bytes.same(Bytes(text)));
  RC_ASSERT(!(bytes == Bytes(text + "x")));
}

TEST(Bytes, NoBytesAndEmptyBytesAreEqual) {
  EXPECT_EQ(Bytes(), Bytes(""));
  EXPECT_TRUE(Bytes().empty());
}

}  // namespace
}  // namespace quickbite
