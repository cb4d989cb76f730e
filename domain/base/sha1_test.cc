#include "domain/base/sha1.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace quickbite {
namespace {

Sha1::State digest_of(std::string_view text) {
  Sha1 sha;
  sha.add(text);
  return sha.finish();
}

// FIPS 180-2, appendix A.
TEST(Sha1, AgreesWithThePublishedExamples) {
  EXPECT_EQ(digest_of("abc"), (Sha1::State{0xA9993E36, 0x4706816A, 0xBA3E2571, 0x7850C26C, 0x9CD0D89D}));
  EXPECT_EQ(digest_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            (Sha1::State{0x84983E44, 0x1C3BD26E, 0xBAAE4AA1, 0xF95129E5, 0xE54670F1}));
  EXPECT_EQ(digest_of(std::string(1'000'000, 'a')), (Sha1::State{0x34AA973C, 0xD4C4DAA4, 0xF61EEB2B, 0xDBAD2731, 0x6534016F}));
}

RC_GTEST_PROP(Sha1, IsTheSameHoweverTheBytesAreDivided, (const std::vector<std::string>& parts)) {
  Sha1 sha;
  std::string whole;
  for (const std::string& part : parts) {
    sha.add(part);
    whole += part;
  }
  RC_ASSERT(sha.finish() == digest_of(whole));
}

TEST(Sha1, ByTheProcessorsInstructionsIsAsWithoutThem) {
  if (!has_sha_instructions()) GTEST_SKIP() << "this compiler does not use them, or this processor has none";
  rc::check([](const Sha1::State& before, const Sha1::Block& block) {
    Sha1::State with = before;
    Sha1::State without = before;
    sha1_block(with, block);
    sha1_block_portable(without, block);
    RC_ASSERT(with == without);
  });
}

}  // namespace
}  // namespace quickbite
