#include "services/runtime/request_log.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace quickbite::runtime {
namespace {

class RequestLogTest : public testing::Test {
 protected:
  log::Logger logger(log::Level least) {
    return log::Logger::to([this](std::string_view line) { lines.emplace_back(line); }, "orders", least);
  }
  http::Served served(int status) const { return {"POST", "/v1/orders", status, milliseconds(3), trace}; }

  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  std::vector<std::string> lines;
};

TEST_F(RequestLogTest, AtInfoOnlyWhatFailedIsALine) {
  RequestLog log(logger(log::Level::kInfo));
  log.observe(served(201), false, Instant{0});
  log.observe(served(404), false, Instant{0});
  log.observe(served(503), true, Instant{0});
  EXPECT_TRUE(lines.empty());
  log.observe(served(504), false, Instant{0});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find("\"level\":\"warning\""), std::string::npos);
  EXPECT_NE(lines[0].find(R"("msg":"a request failed","method":"POST","route":"/v1/orders","status":504,"took_us":3000,"trace_id":")" +
                          trace + "\""),
            std::string::npos)
      << lines[0];
}

TEST_F(RequestLogTest, AtDebugEveryRequestIsALine) {
  RequestLog log(logger(log::Level::kDebug));
  log.observe(served(201), false, Instant{0});
  log.observe(served(503), true, Instant{0});
  EXPECT_EQ(lines.size(), 2u);
}

TEST_F(RequestLogTest, AFloodOfFailuresIsCountedInsteadOfWritten) {
  RequestLog log(logger(log::Level::kInfo));
  for (int i = 0; i < 1000; ++i) log.observe(served(503), false, Instant{i});
  EXPECT_EQ(static_cast<std::int64_t>(lines.size()), kFailuresLoggedASecond);
  log.observe(served(503), false, Instant{seconds(1).us});
  ASSERT_EQ(static_cast<std::int64_t>(lines.size()), kFailuresLoggedASecond + 1);
  EXPECT_NE(lines.back().find("\"not_logged\":990"), std::string::npos) << lines.back();
}

}  // namespace
}  // namespace quickbite::runtime
