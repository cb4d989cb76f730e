#include "adapters/kafka/connection.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace quickbite::kafka {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(KafkaSettings, AreReadAsNamesAndValues) {
  const auto settings =
      parse_settings({"security.protocol=sasl_ssl", " sasl.password = a=b,c ", "sasl.username="});
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(*settings, (Settings{{"security.protocol", "sasl_ssl"},
                                 {"sasl.password", "a=b,c"},
                                 {"sasl.username", ""}}));
}

TEST(KafkaSettings, AreReadFromTheTextOfAFile) {
  const auto settings =
      parse_settings_text("# who we are\n\nsasl.username = quickbite\r\n  ssl.ca.location=/ca.pem");
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(*settings, (Settings{{"sasl.username", "quickbite"}, {"ssl.ca.location", "/ca.pem"}}));
}

TEST(KafkaSettings, ThatAreNoneAreRefused) {
  for (const char* entry : {"", "=", "=x", "acks", " = "}) {
    EXPECT_FALSE(parse_settings({entry}).ok()) << entry;
  }
  EXPECT_THAT(std::string(parse_settings({"a=1", "a=2"}).status().message()),
              HasSubstr("comes twice"));
}

TEST(KafkaSettings, ThatGuaranteesRestOnAreNotTheOperators) {
  for (const char* entry :
       {"acks=0", "request.required.acks=1", "enable.idempotence=false", "enable.auto.commit=true",
        "auto.offset.reset=latest", "enable.auto.offset.store=true", "group.id=x",
        "partition.assignment.strategy=cooperative-sticky", "message.timeout.ms=1",
        "delivery.timeout.ms=1", "metadata.broker.list=x:1"}) {
    const auto settings = parse_settings({entry});
    EXPECT_FALSE(settings.ok()) << entry;
    EXPECT_THAT(std::string(settings.status().message()), HasSubstr("QuickBite's own"));
  }
}

TEST(KafkaSettings, AreRefusedWithoutTheirValue) {
  EXPECT_THAT(
      std::string(
          parse_settings({"sasl.password=geheim", "sasl.password=geheim"}).status().message()),
      Not(HasSubstr("geheim")));
}

}  // namespace
}  // namespace quickbite::kafka
