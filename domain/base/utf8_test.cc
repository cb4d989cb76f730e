#include "domain/base/utf8.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <string>

namespace quickbite {
namespace {

using namespace std::string_literals;

// Encodes whatever number it is given, a surrogate too.
std::string encoded(std::uint32_t code) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0 | (code >> 6)), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0 | (code >> 12)), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | (code >> 18)), tail(12), tail(6), tail(0)};
}

TEST(Utf8, EveryCodePointIsValidAndEverySurrogateAndEverythingBeyondIsNot) {
  for (std::uint32_t code = 0; code < 0x120000; ++code) {
    const bool valid = code < 0x110000 && (code < 0xD800 || code > 0xDFFF);
    ASSERT_EQ(is_utf8(encoded(code)), valid) << std::hex << code;
  }
}

TEST(Utf8, EveryPairOfBytesIsJudgedAsTheGrammarSays) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const bool valid =
          (a < 0x80 && b < 0x80) || (a >= 0xC2 && a <= 0xDF && b >= 0x80 && b <= 0xBF);
      ASSERT_EQ(is_utf8(std::string{static_cast<char>(a), static_cast<char>(b)}), valid)
          << a << ' ' << b;
    }
  }
}

TEST(Utf8, OverlongFormsAreNotValid) {
  EXPECT_FALSE(is_utf8("\xC0\x80"));
  EXPECT_FALSE(is_utf8("\xE0\x9F\xBF"));
  EXPECT_FALSE(is_utf8("\xF0\x8F\xBF\xBF"));
}

TEST(Utf8, ACharacterThatIsCutOffEndsTheValidPrefixBeforeIt) {
  EXPECT_EQ(utf8_valid_prefix("abcdefgh\xE2\x82"), 8u);
  EXPECT_EQ(utf8_valid_prefix("\xF0\x9F\x8D"), 0u);
}

TEST(Utf8, ControlCharactersAreThoseOfAsciiAndOfLatinOne) {
  EXPECT_TRUE(has_control_character("a\nb"));
  EXPECT_TRUE(has_control_character("a\0b"s));
  EXPECT_TRUE(has_control_character("\x7F"));
  EXPECT_TRUE(has_control_character("\xC2\x85"));
  EXPECT_FALSE(has_control_character("\xC2\xA0 caf\xC3\xA9 \xF0\x9F\x8D\x94"));
}

RC_GTEST_PROP(Utf8, ValidTextStaysValidWhereverItStands, (std::string ascii)) {
  for (char& c : ascii) c = static_cast<char>(c & 0x7F);
  const auto code = *rc::gen::inRange<std::uint32_t>(0xE000, 0x110000);
  RC_ASSERT(is_utf8(ascii + encoded(code) + ascii));
  RC_ASSERT(utf8_valid_prefix(ascii + "\xFF" + ascii) == ascii.size());
}

}  // namespace
}  // namespace quickbite
