#include "domain/base/uuid.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace quickbite {
namespace {

TEST(Uuid, VersionFiveAgreesWithThePublishedExampleOfTheDnsNamespace) {
  // RFC 9562, appendix A.4.
  const Uuid dns = *parse_uuid("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
  EXPECT_EQ(to_string(uuid_v5(dns, "www.example.com")), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

TEST(Uuid, NamesLongerThanOneHashBlockAreHashedWhole) {
  const Uuid space;
  EXPECT_NE(uuid_v5(space, std::string(200, 'a')), uuid_v5(space, std::string(201, 'a')));
}

// Of Python's uuid.uuid5 in the nil namespace: a name up to, at and past what one block holds
// beside the namespace.
TEST(Uuid, NamesOfEveryLengthAboutABlockAgreeWithAnotherImplementation) {
  EXPECT_EQ(to_string(uuid_v5(Uuid{}, std::string(0, 'a'))),
            "e129f27c-5103-5c5c-844b-cdf0a15e160d");
  EXPECT_EQ(to_string(uuid_v5(Uuid{}, std::string(1, 'a'))),
            "35b65f33-a679-5e76-af3c-273ea349ede4");
  EXPECT_EQ(to_string(uuid_v5(Uuid{}, std::string(38, 'a'))),
            "1754987c-224f-50cd-96fb-5df1dc37b0c7");
  EXPECT_EQ(to_string(uuid_v5(Uuid{}, std::string(39, 'a'))),
            "dc686a18-7bf4-5967-b173-266ea970f49a");
  EXPECT_EQ(to_string(uuid_v5(Uuid{}, std::string(40, 'a'))),
            "9bf8dbd7-9ff0-5bbf-af07-1b279168fbfa");
  EXPECT_EQ(to_string(uuid_v5(Uuid{}, std::string(47, 'a'))),
            "53aa9004-1128-50bc-b15a-e5273c178998");
  EXPECT_EQ(to_string(uuid_v5(Uuid{}, std::string(48, 'a'))),
            "367210b0-e8c5-59db-8dc7-fa4c699b9f4d");
  EXPECT_EQ(to_string(uuid_v5(Uuid{}, std::string(49, 'a'))),
            "4fe661a1-c898-5d2b-bb89-32f4ba690501");
  EXPECT_EQ(to_string(uuid_v5(Uuid{}, std::string(103, 'a'))),
            "341b378e-0687-5cbe-a54f-50c3b0b857c6");
  EXPECT_EQ(to_string(uuid_v5(Uuid{}, std::string(104, 'a'))),
            "d0c8b2b4-fc24-5988-aa4d-a9c2b21e4095");
  EXPECT_EQ(to_string(uuid_v5(Uuid{}, std::string(112, 'a'))),
            "bc4b2486-e3c2-5527-93de-2daee54d0cf2");
  EXPECT_EQ(to_string(uuid_v5(Uuid{}, std::string(200, 'a'))),
            "72b414da-4150-5cce-8c27-c0e5432327bf");
}

TEST(Uuid, WhatIsNotTheCanonicalFormIsNotParsed) {
  EXPECT_FALSE(parse_uuid(""));
  EXPECT_FALSE(parse_uuid("2ed6657de927568b95e12665a8aea6a2"));
  EXPECT_FALSE(parse_uuid("2ed6657d-e927-568b-95e1-2665a8aea6ag"));
  EXPECT_FALSE(parse_uuid("2ed6657d-e927-568b-95e1-2665a8aea6a2 "));
}

TEST(Uuid, EitherCaseIsParsedAndLowerCaseIsWritten) {
  const auto uuid = parse_uuid("2ED6657D-E927-568B-95E1-2665A8AEA6A2");
  ASSERT_TRUE(uuid);
  EXPECT_EQ(to_string(*uuid), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

RC_GTEST_PROP(Uuid, NoTextWithOneStrangeCharacterIsParsed,
              (std::uint64_t high, std::uint64_t low)) {
  std::string text = to_string(Uuid{high, low});
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  const char strange = *rc::gen::elementOf(std::string("gG-/:@`~ \x80\xFF"));
  RC_PRE(text[at] != strange);
  text[at] = strange;
  RC_ASSERT(!parse_uuid(text));
}

RC_GTEST_PROP(Uuid, TextRoundTrips, (std::uint64_t high, std::uint64_t low)) {
  const Uuid uuid{high, low};
  RC_ASSERT(parse_uuid(to_string(uuid)) == uuid);
}

}  // namespace
}  // namespace quickbite
