#include "domain/api/asker.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace quickbite::api {
namespace {

std::string behind(std::int64_t proxies, const Headers& headers) { return asker(headers, "10.0.0.9", proxies); }
Headers forwarded(const std::string& value) { return {{"host", "x"}, {"x-forwarded-for", value}}; }

TEST(Asker, WithoutAProxyIsThePeerWhateverItClaims) {
  EXPECT_EQ(behind(0, {}), "10.0.0.9");
  EXPECT_EQ(behind(0, forwarded("192.0.2.1")), "10.0.0.9");
}

TEST(Asker, BehindProxiesIsWhomTheFirstOfThemSaw) {
  EXPECT_EQ(behind(1, forwarded("192.0.2.1")), "192.0.2.1");
  EXPECT_EQ(behind(1, forwarded("a lie, 192.0.2.1")), "192.0.2.1");
  EXPECT_EQ(behind(2, forwarded("a lie,192.0.2.1 , 10.0.0.8")), "192.0.2.1");
  EXPECT_EQ(behind(2, {{"x-forwarded-for", "a lie, 192.0.2.1"}, {"x-forwarded-for", "10.0.0.8"}}), "192.0.2.1");
}

TEST(Asker, WhoComesRoundAProxyIsThePeer) {
  EXPECT_EQ(behind(1, {}), "10.0.0.9");
  EXPECT_EQ(behind(2, forwarded("192.0.2.1")), "10.0.0.9");
  EXPECT_EQ(behind(1, forwarded("")), "10.0.0.9");
  EXPECT_EQ(behind(1, forwarded("192.0.2.1,")), "10.0.0.9");
  EXPECT_EQ(behind(1, forwarded(std::string(65, '1'))), "10.0.0.9") << "that is no address, and would have to be remembered";
}

TEST(Asker, HasNoPort) {
  EXPECT_EQ(behind(1, forwarded("192.0.2.1:4711")), "192.0.2.1");
  EXPECT_EQ(behind(1, forwarded("[2001:db8::1]:4711")), "2001:db8::1");
  EXPECT_EQ(behind(1, forwarded("2001:db8::1")), "2001:db8::1");
  EXPECT_EQ(behind(1, forwarded("[")), "10.0.0.9");
}

// Whatever a client writes, the proxy's entry counts.
RC_GTEST_PROP(Asker, TakesNoWordOfTheClients, (std::string claimed)) {
  RC_ASSERT(behind(1, forwarded(claimed + ",192.0.2.1")) == "192.0.2.1");
  RC_ASSERT(behind(1, forwarded(claimed)).size() <= kAddressBytesMax);
}

}  // namespace
}  // namespace quickbite::api
