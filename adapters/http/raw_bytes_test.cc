// The server under bytes that no client of good will sends, and under more clients than it has threads: each line of README.md's
// table that one well-formed connection cannot show.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "adapters/http/test_server.h"

namespace quickbite::http {
namespace {

using namespace std::chrono_literals;

// Of this process, which the server runs in. Pipes are not counted: a sanitizer keeps some to its symbolizer, and a server has none.
std::ptrdiff_t open_descriptors() {
  return std::ranges::count_if(std::filesystem::directory_iterator("/proc/self/fd"), [](const auto& descriptor) {
    std::error_code closed;
    return !std::filesystem::read_symlink(descriptor, closed).string().starts_with("pipe:");
  });
}

// True once no more than `most` are open.
bool descriptors_fall_to(std::ptrdiff_t most) {
  for (int i = 0; i < 500; ++i) {
    if (open_descriptors() <= most) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

TEST_F(ServerTest, LinesThatEndInABareLfAreRefused) {
  start();
  for (const std::string& bytes :
       {std::string("GET /echo HTTP/1.1\nHost: x\n\n"), std::string("GET /echo HTTP/1.1\r\nHost: x\n\r\n"),
        std::string("POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 3\n\nabc"),
        post("Transfer-Encoding: chunked\r\n", "3\nabc\n0\n\n")}) {
    Client client(server_->port());
    const Got got = client.ask(bytes + get("/smuggled"));
    EXPECT_EQ(got.status, 400) << bytes;
    EXPECT_NE(got.head.find("Connection: close"), std::string::npos) << bytes;
    EXPECT_TRUE(client.closed()) << bytes;
  }
  EXPECT_EQ(handled, 0);
}

// Whatever comes, the connection ends with a 4xx or without a word, and the next client is served.
TEST_F(ServerTest, BinaryGarbageIsRefusedAndForgotten) {
  start();
  const std::ptrdiff_t before = open_descriptors();
  std::mt19937_64 random(1);
  std::vector<std::string> garbage = {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),  // a TLS hello
                                      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",                               // HTTP/2's preface
                                      std::string(1, '\0'), std::string(100'000, '\0'), std::string(100'000, '\xff'),
                                      std::string(100'000, '\n'), std::string(100'000, '\r'), std::string(100'000, ' ')};
  for (int i = 0; i < 500; ++i) {
    std::string bytes(random() % 3000, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    garbage.push_back(std::move(bytes));
  }
  for (const std::string& bytes : garbage) {
    Client client(server_->port());
    client.send(bytes);
    client.shut();
    const Got got = client.receive();
    EXPECT_TRUE(got.status == 0 || (got.status >= 400 && got.status < 500)) << got.status;
  }
  EXPECT_EQ(handled, 0);
  EXPECT_EQ(ask(get("/echo")).status, 200);
  EXPECT_TRUE(descriptors_fall_to(before)) << open_descriptors() << " of " << before;
}

TEST_F(ServerTest, ClientsThatResetInTheMiddleOfTheirAnswerCostNothing) {
  start({.threads = 2});
  EXPECT_EQ(ask(get("/echo")).status, 200);
  const std::ptrdiff_t before = open_descriptors();
  for (int i = 0; i < 50; ++i) {
    Client client(server_->port(), 4096);
    client.send(get("/big"));
    if (i % 2 == 0) std::this_thread::sleep_for(5ms);  // some leave before the first byte, some after it
    client.reset();
  }
  EXPECT_TRUE(descriptors_fall_to(before)) << open_descriptors() << " of " << before;
  EXPECT_EQ(ask(get("/echo")).status, 200);
  EXPECT_TRUE(server_->drain(seconds(5))) << "their requests are not waited for";
}

TEST_F(ServerTest, AThousandIdleConnectionsHoldUpNobody) {
  start({.threads = 2});
  const std::ptrdiff_t before = open_descriptors();
  std::vector<std::unique_ptr<Client>> idle;
  for (int i = 0; i < 1000; ++i) {
    idle.push_back(std::make_unique<Client>(server_->port()));
    // A third has said nothing, a third half a request, a third has had an answer and keeps the connection.
    if (i % 3 == 1) idle.back()->send("GET /echo HT");
    if (i % 3 == 2) {
      EXPECT_EQ(idle.back()->ask(get("/echo")).status, 200);
    }
  }
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ask(get("/echo")).status, 200);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(idle[i]->ask(i % 3 == 1 ? "TP/1.1\r\nHost: x\r\n\r\n" : get("/echo")).status, 200) << i;
  idle.clear();
  EXPECT_TRUE(descriptors_fall_to(before)) << open_descriptors() << " of " << before;
}

TEST_F(ServerTest, DrainingAnswersEveryoneWhoWasUnderWay) {
  constexpr int kUnderWay = 100;
  start({.threads = 3});
  std::vector<std::unique_ptr<Client>> clients;
  std::vector<Responder> responders;
  for (int i = 0; i < kUnderWay; ++i) {
    clients.push_back(std::make_unique<Client>(server_->port()));
    clients.back()->send(get("/later"));
    responders.push_back(take_later());
  }
  std::atomic<bool> drained{false};
  std::thread draining([&] { drained = server_->drain(seconds(20)); });
  std::this_thread::sleep_for(50ms);
  EXPECT_FALSE(drained);
  for (Responder& responder : responders) responder.answer({201, {}, "kept"});
  draining.join();
  EXPECT_TRUE(drained);
  server_.reset();  // an answer that drain has counted is on its way, whatever becomes of the server
  for (const auto& client : clients) {
    const Got got = client->receive();
    EXPECT_EQ(got.status, 201);
    EXPECT_EQ(got.body, "kept");
    EXPECT_TRUE(client->closed());
  }
}

}  // namespace
}  // namespace quickbite::http
