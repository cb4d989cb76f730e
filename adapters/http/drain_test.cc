// How the server ends: what is under way is answered, what comes is refused, and nobody is waited for too long.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "adapters/http/server.h"
#include "adapters/http/test_server.h"

namespace quickbite::http {
namespace {

using namespace std::chrono_literals;

TEST_F(ServerTest, DrainsAnswersWhatItHasAndRefusesWhatComes) {
  Client client(start().port());
  Client idle(server_->port());
  EXPECT_EQ(idle.ask(get("/echo")).status, 200);
  client.send(get("/later"));
  Responder responder = take_later();
  std::atomic<bool> drained{false};
  std::thread draining([&] { drained = server_->drain(seconds(5)); });
  Got refused;
  for (int i = 0; i < 500 && refused.status != 503; ++i) {
    refused = ask(get("/echo"));
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.head.find("Connection: close"), std::string::npos);
  EXPECT_EQ(idle.ask(get("/echo")).status, 503);
  EXPECT_FALSE(drained);
  responder.answer({201, {}, "kept"});
  const Got kept = client.receive();
  EXPECT_EQ(kept.body, "kept");
  EXPECT_NE(kept.head.find("Connection: close"), std::string::npos);
  draining.join();
  EXPECT_TRUE(drained);
}

TEST_F(ServerTest, DrainsNoLongerThanItsGrace) {
  Client client(start().port());
  client.send(get("/later"));
  Responder responder = take_later();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(server_->drain(milliseconds(50)));
  EXPECT_EQ(client.receive().status, 504);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s) << "before the request's own deadline";
  EXPECT_TRUE(client.closed());
  server_.reset();
  responder.answer({200, {}, "nobody is there"});
}

TEST_F(ServerTest, EndsWhileARequestIsUnderWay) {
  Client client(start().port());
  client.send(get("/later"));
  Responder responder = take_later();
  server_.reset();
  responder.answer({200, {}, "nobody is there"});
  EXPECT_EQ(client.receive().status, 0);
}

TEST_F(ServerTest, AClientThatGoesAwayIsNotWaitedFor) {
  start();
  {
    Client client(server_->port());
    client.send(get("/later"));
    later_.push_back(take_later());
    client.reset();
  }
  EXPECT_TRUE(server_->drain(seconds(2)));
}

}  // namespace
}  // namespace quickbite::http
