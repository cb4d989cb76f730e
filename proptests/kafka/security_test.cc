// TLS and SASL against a real Apache Kafka: who has the right certificate authority and password is served, nobody else, and
// no password is ever logged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/grpc/test_certificates.h"
#include "adapters/kafka/cluster.h"
#include "adapters/kafka/consumer.h"
#include "adapters/kafka/producer.h"
#include "proptests/e2e/customers.h"
#include "proptests/kafka/own_system.h"
#include "services/live/apache_kafka.h"
#include "services/live/topic_log.h"
#include "services/runtime/clock.h"

namespace quickbite {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kUser = "quickbite";
constexpr const char* kPassword = "correct-horse-battery";

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// A certificate authority, and an Apache Kafka that has a certificate of it and knows one user.
class KafkaSecurity : public testing::Test {
 protected:
  void SetUp() override {
    if (kafka_jars().empty()) GTEST_SKIP() << "QUICKBITE_KAFKA_JARS names no jars";
    const auto files = authority_.sign("kafka", "IP:127.0.0.1");
    const std::string both = folder_ / "kafka.pem";
    std::ofstream(both) << text_of(files.key) << text_of(files.certificate);
    live::ApacheKafkaOptions options;
    options.jars = kafka_jars();
    options.folder = folder_ / "broker";
    options.security = live::KafkaSecurity{both, kUser, kPassword};
    auto started = live::ApacheKafka::start(options, live::Interrupt());
    ASSERT_TRUE(started.ok()) << started.status();
    kafka_ = *std::move(started);
  }

  kafka::Settings settings(const std::string& password) const {
    return {{"security.protocol", "sasl_ssl"},
            {"sasl.mechanism", "SCRAM-SHA-512"},
            {"sasl.username", kUser},
            {"sasl.password", password},
            {"ssl.ca.location", authority_.ca_file()}};
  }

  absl::Status look(const kafka::Settings& settings) const {
    return kafka::look_at_cluster({kafka_->secure_bootstrap(), "test", settings, {}}, seconds(5)).status();
  }

  LogFolder folder_;
  rpc::TestAuthority authority_{"QuickBite's test authority"};
  std::unique_ptr<live::ApacheKafka> kafka_;
};

TEST_F(KafkaSecurity, ServesWhoTrustsItAndKnowsThePassword) {
  EXPECT_TRUE(look(settings(kPassword)).ok()) << look(settings(kPassword));
}

TEST_F(KafkaSecurity, TurnsAwayWhoHasAnotherPasswordAndTheClientSaysSo) {
  const absl::Status refused = look(settings("wrong-horse"));
  EXPECT_TRUE(absl::IsUnavailable(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("uthentication"));
  EXPECT_THAT(std::string(refused.message()), Not(HasSubstr("wrong-horse")));
  ASSERT_TRUE(live::make_topics(kafka_->bootstrap(), 1).ok());
  auto producer = kafka::Producer::make({{kafka_->secure_bootstrap(), "test", settings("wrong-horse"), {}}, {}, seconds(2)});
  ASSERT_TRUE(producer.ok());
  Message message;
  message.topic = Topic::kOrders;
  message.value = Bytes("x");
  EXPECT_TRUE(std::holds_alternative<MaybePersisted>((*producer)->produce({{message}}).outcomes.front()));
  EXPECT_THAT((*producer)->health().trouble, HasSubstr("uthentication"));
}

TEST_F(KafkaSecurity, IsNotTrustedByWhoKnowsAnotherAuthority) {
  const rpc::TestAuthority other("somebody else's authority");
  kafka::Settings strange = settings(kPassword);
  strange["ssl.ca.location"] = other.ca_file();
  const absl::Status refused = look(strange);
  EXPECT_TRUE(absl::IsUnavailable(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("certificate"));
}

TEST_F(KafkaSecurity, DoesNotSpeakWithWhoDoesNotEncrypt) {
  EXPECT_TRUE(absl::IsUnavailable(look({})));
  kafka::Settings plain = settings(kPassword);
  plain["security.protocol"] = "sasl_plaintext";
  EXPECT_TRUE(absl::IsUnavailable(look(plain)));
}

// The rest by the environment, the password by a file; both say more than anybody would want to know.
TEST_F(KafkaSecurity, BothServicesWorkOverItAndLogNoPassword) {
  const std::string file = folder_ / "kafka.settings";
  std::ofstream(file) << "# a secret\nsasl.password=" << kPassword << "\n";
  live::StackOptions options;
  options.service_flags = {absl::StrCat("--kafka=", kafka_->secure_bootstrap()), absl::StrCat("--kafka-settings-file=", file),
                           "--log-level=debug"};
  options.service_environment = {
      absl::StrCat("QUICKBITE_KAFKA_SETTINGS=security.protocol=sasl_ssl,sasl.mechanism=SCRAM-SHA-512,sasl.username=", kUser,
                   ",ssl.ca.location=", authority_.ca_file(), ",debug=conf")};
  ::setenv("QUICKBITE_KAFKA", kafka_->bootstrap().c_str(), 1);  // what only looks on, and makes the topics, is not encrypted
  {
    OwnSystem own(options);
    const std::string sku = own.stocked();
    Customers customers(own.stack().orders_port(), 2, sku);
    absl::SleepFor(absl::Seconds(1));
    customers.stop();
    own.expect_all_done_once(customers.orders(), sku);
    for (live::Child* service : {&own.stack().orders(), &own.stack().inventory()}) {
      const std::string log = own.log_of(*service);
      EXPECT_THAT(log, HasSubstr("sasl.username")) << "librdkafka tells its settings, as debug=conf says";
      EXPECT_THAT(log, Not(HasSubstr(kPassword))) << service->log_path();
    }
  }
  ::unsetenv("QUICKBITE_KAFKA");
}

}  // namespace
}  // namespace quickbite
