#include "adapters/log/logger.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rapidjson/document.h>

#include <string>
#include <thread>
#include <vector>

namespace quickbite::log {
namespace {

class LoggerTest : public testing::Test {
 protected:
  Logger logger(Level least = Level::kDebug) {
    return Logger::to([this](std::string_view line) { lines.emplace_back(line); }, "orders", least);
  }
  rapidjson::Document parsed(std::size_t i) {
    rapidjson::Document document;
    document.Parse<rapidjson::kParseValidateEncodingFlag>(lines.at(i).data(), lines.at(i).size());
    EXPECT_FALSE(document.HasParseError()) << lines.at(i);
    return document;
  }
  std::vector<std::string> lines;
};

TEST_F(LoggerTest, WritesOneObjectALine) {
  logger().warning("the database is away", {{"sqlstate", "57P03"}, {"attempt", 3}, {"again", true}, {"s", 0.5}});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].find('\n'), std::string::npos);
  const rapidjson::Document line = parsed(0);
  EXPECT_STREQ(line["level"].GetString(), "warning");
  EXPECT_STREQ(line["logger"].GetString(), "orders");
  EXPECT_STREQ(line["msg"].GetString(), "the database is away");
  EXPECT_STREQ(line["sqlstate"].GetString(), "57P03");
  EXPECT_EQ(line["attempt"].GetInt(), 3);
  EXPECT_TRUE(line["again"].GetBool());
  EXPECT_EQ(line["s"].GetDouble(), 0.5);
  const std::string ts = line["ts"].GetString();
  EXPECT_EQ(ts.size(), std::string("2026-01-01T00:00:00.000000Z").size());
  EXPECT_EQ(ts.back(), 'Z');
}

TEST_F(LoggerTest, LogsOnlyWhatIsSevereEnough) {
  const Logger quiet = logger(Level::kWarning);
  quiet.debug("no");
  quiet.info("no");
  quiet.error("yes");
  logger(Level::kOff).error("no");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_STREQ(parsed(0)["msg"].GetString(), "yes");
}

TEST_F(LoggerTest, SaysAnotherNameToTheSamePlace) {
  logger().named("intake").info("hello");
  EXPECT_STREQ(parsed(0)["logger"].GetString(), "intake");
}

TEST_F(LoggerTest, ABraceIsNoFormat) {
  logger().info("{} {0} %v {", {{"x", "{}"}});
  EXPECT_STREQ(parsed(0)["msg"].GetString(), "{} {0} %v {");
}

RC_GTEST_FIXTURE_PROP(LoggerTest, AnyBytesMakeAValidLine, (std::string message, std::string value)) {
  lines.clear();
  logger().info(message, {{"value", value}});
  RC_ASSERT(lines.size() == 1u);
  const rapidjson::Document line = parsed(0);
  const auto ascii = [](const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
  };
  const auto& got = line["msg"];
  if (ascii(message)) RC_ASSERT(std::string(got.GetString(), got.GetStringLength()) == message);
}

TEST_F(LoggerTest, WhatIsNotUtf8IsReplaced) {
  logger().info("a\xff\xc3\xa9\xed\xa0\x80z");
  EXPECT_STREQ(parsed(0)["msg"].GetString(), "a\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz");
}

TEST_F(LoggerTest, ManyThreadsWriteWholeLines) {
  const Logger shared = logger();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) shared.info("hello", {{"i", i}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(lines.size(), 400u);
  for (std::size_t i = 0; i < lines.size(); ++i) parsed(i);
}

}  // namespace
}  // namespace quickbite::log
