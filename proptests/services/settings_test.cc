// What a service says to settings that cannot be, before it does anything.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "proptests/postgres/real_postgres.h"
#include "proptests/services/running.h"

namespace quickbite {
namespace {

struct Said {
  int code = -1;
  std::string text;
};

Said run(const std::string& program, const std::vector<std::string>& flags) {
  RunningService service(program, flags);
  const auto code = service.wait(absl::Seconds(10));
  return {code.value_or(-1), service.log()};
}

TEST(Settings, WhatCannotBeIsNamedWithWhatWasExpected) {
  for (const std::string program : {QUICKBITE_ORDERS, QUICKBITE_INVENTORY}) {
    const Said none = run(program, {});
    EXPECT_EQ(none.code, 2);
    EXPECT_NE(none.text.find("--database (or QUICKBITE_DATABASE) is needed; expected a PostgreSQL connection string"),
              std::string::npos)
        << none.text;
    const std::vector<std::pair<std::string, std::string>> wrong = {
        {"--http-port=70000", "--http-port cannot be '70000'; expected a port"},
        {"--http-threads=0", "--http-threads cannot be '0'; expected a number from 1 to 64"},
        {"--grace=forever", "--grace cannot be 'forever'; expected a duration"},
        {"--log-level=loud", "--log-level cannot be 'loud'; expected debug, info, warning, error or off"},
        {"--kafka=nowhere", "--kafka cannot be 'nowhere'; expected HOST:PORT"},
        {"--relay-lease=1ms", "--relay-lease cannot be '1ms'; expected a duration from 1s to 10m"},
        {"--instance=a\tb", "expected at most 200 bytes of UTF-8 without control characters"},
        {"--queue=many", "--queue cannot be 'many'; expected a number"},
        {"--kafka-settings=acks=1", "--kafka-settings: "},
        {"--kafka-settings-file=/nowhere", "--kafka-settings-file: cannot read '/nowhere'"},
        {"--no-such-flag=1", "unknown flag --no-such-flag=1"},
        {"--http-address=300.1.2.3", "300.1.2.3"},
    };
    for (const auto& [flag, expected] : wrong) {
      const Said said = run(program, {"--database=host=127.0.0.1", flag});
      EXPECT_EQ(said.code, 2) << flag << said.text;
      EXPECT_NE(said.text.find(expected), std::string::npos) << flag << ": " << said.text;
    }
  }
}

// What librdkafka does not take is known once the database is there.
TEST(Settings, AKafkaPropertyThatDoesNotExistIsNamed) {
  for (const auto& [program, service] : {std::pair(QUICKBITE_ORDERS, postgres::Service::kOrders),
                                         std::pair(QUICKBITE_INVENTORY, postgres::Service::kInventory)}) {
    const Said said = run(program, {"--database=" + RealPostgres::instance().session(service).connection,
                                    "--kafka=127.0.0.1:1", "--kafka-settings=no.such.property=1"});
    EXPECT_EQ(said.code, 2);
    EXPECT_NE(said.text.find("no.such.property"), std::string::npos) << said.text;
  }
}

TEST(Settings, AFileSetsThemAndWhatIsWrongInItIsNamedByItsPlace) {
  const TemporaryFolder folder;
  const std::string path = folder / "service.yaml";
  for (const std::string program : {QUICKBITE_ORDERS, QUICKBITE_INVENTORY}) {
    std::ofstream(path) << "database: host=127.0.0.1 port=1 password=geheim\nkafka: [127.0.0.1:1, 127.0.0.1:2]\n"
                           "kafka-settings:\n  sasl.password: geheim\n  debug: broker\nlog-level: warning\n";
    const Said printed = run(program, {"--config=" + path, "--print-config", "--log-level=debug"});
    EXPECT_EQ(printed.code, 0) << printed.text;
    for (const std::string& line : {std::string("kafka: \"127.0.0.1:1,127.0.0.1:2\"  # " + path + ":2:1: kafka\n"),
                                    std::string("kafka-settings: \"sasl.password=***,debug=broker\"  # "),
                                    std::string("database: \"password=*** host='127.0.0.1' port='1'\"  # "),
                                    std::string("log-level: \"debug\"  # --log-level\n"), std::string("batch: 200  # default\n"),
                                    std::string("instance: \"\"  # default\n"), std::string("relay-lease: 10s  # default\n")}) {
      EXPECT_NE(printed.text.find(line), std::string::npos) << line << printed.text;
    }
    EXPECT_EQ(printed.text.find("geheim"), std::string::npos) << printed.text;
    std::ofstream(path) << "database: host=127.0.0.1\ngrace: forever\n";
    const Said wrong = run(program, {"--config=" + path});
    EXPECT_EQ(wrong.code, 2);
    EXPECT_NE(wrong.text.find(path + ":2:1: grace cannot be 'forever'; expected a duration from 0s to 1h"), std::string::npos)
        << wrong.text;
  }
}

TEST(Settings, HelpAndVersionAreAnswers) {
  for (const std::string program : {QUICKBITE_ORDERS, QUICKBITE_INVENTORY}) {
    const Said help = run(program, {"--help"});
    EXPECT_EQ(help.code, 0);
    EXPECT_NE(help.text.find("QUICKBITE_DATABASE"), std::string::npos);
    EXPECT_EQ(run(program, {"--version"}).code, 0);
  }
}

TEST(Settings, AnAddressThatIsTakenIsSaid) {
  RunningService first(QUICKBITE_ORDERS, {"--database=host=127.0.0.1 port=1", "--kafka=127.0.0.1:1"});
  ASSERT_NE(first.port(), 0);
  const Said said = run(QUICKBITE_ORDERS, {"--database=host=127.0.0.1 port=1", "--http-port=" + std::to_string(first.port())});
  EXPECT_EQ(said.code, 2);
  EXPECT_NE(said.text.find("cannot listen on 127.0.0.1:" + std::to_string(first.port())), std::string::npos) << said.text;
}

}  // namespace
}  // namespace quickbite
