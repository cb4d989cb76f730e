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

TEST(Uuid, WhatIsNotTheCanonicalFormIsNotParsed) {
  EXPECT_FALSE(parse_uuid(""));
  EXPECT_FALSE(parse_uuid("2ed6657de927568b95e12665a8aea6a2"));
  EXPECT_FALSE(parse_uuid("2ed6657d-e927-568b-95e1-2665a8aea6ag"));
  EXPECT_FALSE(parse_uuid("2ed6657d-e927-568b-95e1-2665a8aea6a2 "));
}

RC_GTEST_PROP(Uuid, TextRoundTrips, (std::uint64_t high, std::uint64_t low)) {
  const Uuid uuid{high, low};
  RC_ASSERT(parse_uuid(to_string(uuid)) == uuid);
}

}  // namespace
}  // namespace quickbite
