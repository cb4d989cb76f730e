// The server over raw sockets: what a client can do to it, and what Pistache 0.0.5 gets wrong (README.md).
#include "adapters/http/server.h"

#include <gtest/gtest.h>
#include <time.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/http/test_server.h"
#include "domain/api/api.h"

namespace quickbite::http {
namespace {

using namespace std::chrono_literals;

TEST_F(ServerTest, AnswersManyRequestsOnOneConnectionThatSaysNothingAboutIt) {
  Client client(start().port());
  for (int i = 0; i < 3; ++i) {
    const Got got = client.ask(get("/echo?a=b%20"));
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.body, "GET /echo ");
    EXPECT_NE(got.head.find("X-Query: a=b%20\r\n"), std::string::npos);
    EXPECT_NE(got.head.find("Date: "), std::string::npos);
    EXPECT_EQ(got.head.find("Connection: close"), std::string::npos);
  }
}

TEST_F(ServerTest, ClosesWhereTheClientAsksForIt) {
  Client client(start().port());
  EXPECT_NE(client.ask(get("/echo", "Connection: close\r\n")).head.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(client.closed());
  Client hasty(server_->port());
  EXPECT_EQ(hasty.ask(get("/echo", "Connection: close\r\n") + post("Content-Length: 1\r\n", "3")).status, 200);
  EXPECT_TRUE(hasty.closed());
  EXPECT_EQ(handled, 2) << "what follows is no request any more: nobody would hear what came of it";
  Client old(server_->port());
  EXPECT_EQ(old.ask("GET /echo HTTP/1.0\r\n\r\n").status, 200);
  EXPECT_TRUE(old.closed());
}

TEST_F(ServerTest, AnswersFromAnotherThread) {
  Client client(start().port());
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) {
    client.send(get("/later"));
    std::thread([responder = take_later()]() mutable { responder.answer({201, {}, "late"}); }).join();
    EXPECT_EQ(client.receive().body, "late");
  }
  // The answers wake the serving thread: it does not come upon them when its timer happens to go off.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
}

TEST_F(ServerTest, AnswersPipelinedRequestsInTheirOrder) {
  Client client(start().port());
  client.send(get("/later") + get("/echo?2") + post("Content-Length: 1\r\n", "3") + get("/later") + get("/echo?5"));
  take_later().answer({200, {}, "1"});
  EXPECT_EQ(client.receive().body, "1");
  EXPECT_EQ(client.receive().body, "GET /echo ");
  EXPECT_EQ(client.receive().body, "POST /v1/orders 3");
  take_later().answer({200, {}, "4"});
  EXPECT_EQ(client.receive().body, "4");
  EXPECT_NE(client.receive().head.find("X-Query: 5"), std::string::npos);
}

TEST_F(ServerTest, ARequestThatComesWhileAnotherIsUnderWayWaits) {
  Client client(start().port());
  client.send(get("/later"));
  Responder first = take_later();
  client.send(get("/echo"));
  EXPECT_EQ(ask(get("/echo")).status, 200);  // by now the serving thread has read the other
  std::this_thread::sleep_for(20ms);
  EXPECT_EQ(handled, 2);
  first.answer({200, {}, "first"});
  EXPECT_EQ(client.receive().body, "first");
  EXPECT_EQ(client.receive().body, "GET /echo ");
}

TEST_F(ServerTest, AnswersAClientThatHasShutItsSide) {
  Client client(start().port());
  client.send(get("/later"));
  client.shut();
  take_later().answer({200, {}, "done"});
  EXPECT_EQ(client.receive().body, "done");
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, SaysNothingOfWhatAHandlerThrows) {
  start();
  for (const char* path : {"/throw", "/throw-int"}) {
    const Got got = ask(get(path));
    EXPECT_EQ(got.status, 500);
    EXPECT_EQ(got.body.find("secret"), std::string::npos);
    EXPECT_NE(got.head.find("application/problem+json"), std::string::npos);
  }
  EXPECT_EQ(ask(get("/echo")).status, 200);
}

TEST_F(ServerTest, AnswersWhatAHandlerDrops) {
  start();
  const Got got = ask(get("/drop"));
  EXPECT_EQ(got.status, 503);
  EXPECT_NE(got.head.find("application/problem+json"), std::string::npos);
}

TEST_F(ServerTest, AnswersItselfWhenTheDeadlineHasPassedAndDropsTheLateAnswer) {
  Client client(start({.request_deadline = milliseconds(50)}).port());
  client.send(get("/later"));
  Responder late = take_later();
  EXPECT_EQ(client.receive().status, 504);
  client.send(get("/later"));
  Responder timely = take_later();
  late.answer({200, {}, "late"});
  timely.answer({200, {}, "timely"});
  EXPECT_EQ(client.receive().body, "timely");
  EXPECT_EQ(client.ask(get("/echo")).status, 200);
}

TEST_F(ServerTest, ADeadlineComesSoMuchLaterAsTheRequestMayWait) {
  start({.request_deadline = milliseconds(50)});
  Client waiting(server_->port());
  Client plain(server_->port());
  const auto begin = std::chrono::steady_clock::now();
  const auto passed = [&] { return std::chrono::steady_clock::now() - begin; };
  waiting.send(get("/later?wait=500ms"));
  const Responder first = take_later();
  plain.send(get("/later"));
  const Responder second = take_later();
  EXPECT_EQ(plain.receive().status, 504);
  EXPECT_LT(passed(), 500ms) << "who came later is not held up by who may wait";
  EXPECT_EQ(waiting.receive().status, 504);
  EXPECT_GE(passed(), 540ms);
}

TEST_F(ServerTest, AddsToEveryAnswerWhatItsRequestIsToldBeside) {
  Options options;
  options.request_deadline = milliseconds(50);
  options.headers_of = [](const HttpRequest& request) { return Headers{{"X-Asked", request.path}}; };
  Client client(start(options).port());
  for (const char* path : {"/echo", "/later", "/throw", "/drop"}) {
    const Got got = client.ask(get(path));
    EXPECT_NE(got.head.find(std::string("X-Asked: ") + path + "\r\n"), std::string::npos) << got.head;
  }
}

TEST_F(ServerTest, TellsOfEveryAnswerWhatItWasTo) {
  Options options;
  options.request_deadline = milliseconds(50);
  options.route_of = [](const HttpRequest& request) -> std::string_view { return request.path == "/echo" ? "/echo" : "other"; };
  options.trace_of = [](const HttpRequest& request) { return "trace of " + request.path; };
  std::mutex mutex;
  std::vector<Served> seen;
  std::vector<std::string> traces;
  options.served = [&](const Served& served) {
    const std::lock_guard lock(mutex);
    seen.push_back(served);
    traces.emplace_back(served.trace);
  };
  Client client(start(options).port());
  client.ask(get("/echo"));
  client.ask(get("/later"));
  client.ask("BREW /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  client.ask("GET /echo HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n");
  const std::lock_guard lock(mutex);
  ASSERT_EQ(seen.size(), 4u);
  EXPECT_EQ(std::tuple(seen[0].method, seen[0].route, seen[0].status), std::tuple("GET", "/echo", 200));
  EXPECT_EQ(std::tuple(seen[1].method, seen[1].route, seen[1].status), std::tuple("GET", "other", 504));
  EXPECT_GE(seen[1].took, milliseconds(50));
  EXPECT_LT(seen[0].took, milliseconds(50));
  EXPECT_EQ(std::tuple(seen[2].method, seen[2].route), std::tuple("other", "/echo")) << "a client's word is no label";
  EXPECT_EQ(std::tuple(seen[3].method, seen[3].route, seen[3].status), std::tuple("", "", 400)) << "what was no request";
  EXPECT_EQ(traces, (std::vector<std::string>{"trace of /echo", "trace of /later", "trace of /echo", ""}));
}

TEST_F(ServerTest, TellsWhereARequestComesFrom) {
  Client client(start().port());
  client.send(get("/later"));
  Responder responder = take_later();
  EXPECT_EQ(responder.peer(), "127.0.0.1");
  responder.answer({200, {}, ""});
}

TEST_F(ServerTest, AnswersByTicketWhoeverHoldsIt) {
  start({.threads = 3});
  std::vector<std::unique_ptr<Client>> clients;
  std::vector<Ticket> tickets;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(std::make_unique<Client>(server_->port()));
    clients.back()->send(get("/later"));
    tickets.push_back(take_later().defer());
  }
  for (std::size_t i = 0; i < tickets.size(); ++i) server_->answer(tickets[i], {200, {}, std::to_string(i)});
  server_->answer(tickets[0], {200, {}, "again"});
  server_->answer(Ticket{~std::uint64_t{0}}, {200, {}, "nobody's"});
  for (std::size_t i = 0; i < tickets.size(); ++i) EXPECT_EQ(clients[i]->receive().body, std::to_string(i));
  EXPECT_EQ(clients[0]->ask(get("/echo")).body, "GET /echo ");
}

TEST_F(ServerTest, TakesOneAnswerOnly) {
  Client client(start().port());
  client.send(get("/later"));
  Responder responder = take_later();
  responder.answer({200, {}, "one"});
  responder.answer({200, {}, "two"});
  EXPECT_EQ(client.receive().body, "one");
  EXPECT_EQ(client.ask(get("/echo")).body, "GET /echo ");
}

TEST_F(ServerTest, RefusesAmbiguousLengthsAndCloses) {
  start();
  for (const char* headers :
       {"Content-Length: 3\r\nContent-Length: 3\r\n", "Content-Length: abc\r\n", "Content-Length: -1\r\n",
        "Content-Length: 99999999999999999999999\r\n", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"}) {
    Client client(server_->port());
    const Got got = client.ask(post(headers, "abc" + get("/smuggled")));
    EXPECT_EQ(got.status, 400) << headers;
    EXPECT_NE(got.head.find("application/problem+json"), std::string::npos);
    EXPECT_NE(got.head.find("Connection: close"), std::string::npos);
    EXPECT_TRUE(client.closed()) << headers;
  }
  // Right in either way of reading it, which is the danger.
  EXPECT_EQ(ask(post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n")).status, 400);
  EXPECT_EQ(ask(post("Transfer-Encoding: chunked\r\nContent-Length: 13\r\n", "3\r\nabc\r\n0\r\n\r\n")).status, 400);
  EXPECT_EQ(handled, 0);
}

TEST_F(ServerTest, RefusesABodyThatIsTooLargeAndCloses) {
  Client client(start().port());
  const std::string body(1 << 20, 'x');
  client.send(post("Content-Length: " + std::to_string(body.size()) + "\r\n", body));
  const Got got = client.receive();
  EXPECT_EQ(got.status, 413);
  EXPECT_NE(got.head.find("application/problem+json"), std::string::npos);
  EXPECT_TRUE(client.closed());
  std::string chunks;
  for (int i = 0; i < 20; ++i) chunks += "1000\r\n" + std::string(0x1000, 'x') + "\r\n";
  Client piecemeal(server_->port());
  EXPECT_EQ(piecemeal.ask(post("Transfer-Encoding: chunked\r\n", chunks + "0\r\n\r\n" + get("/smuggled"))).status, 413);
  EXPECT_TRUE(piecemeal.closed());
  EXPECT_EQ(handled, 0);
  EXPECT_EQ(ask(post("Content-Length: 65536\r\n", std::string(65536, 'x'))).status, 200);
}

TEST_F(ServerTest, BadHeadersAreNotFatal) {
  start();
  for (const char* bad : {"Date: nonsense\r\n", "Cookie: ===\r\n", "Cache-Control: max-age=x\r\n", "Accept: ;;;\r\n",
                          "Content-Type: a\r\n", "Expect: x\r\n", "Accept-Encoding: \r\n", "Authorization: ?\r\n"}) {
    EXPECT_EQ(ask(get("/echo", bad)).status, 200) << bad;
  }
  EXPECT_EQ(ask("GET /echo HTTP/1.1\r\nHost: a:b:c:d\r\n\r\n").status, 200);
}

TEST_F(ServerTest, ADecodedPathReachesTheHandler) {
  start();
  EXPECT_EQ(ask(get("/a%2Fb%C3%A9")).body, "GET /a/b\xC3\xA9 ");
}

TEST_F(ServerTest, AnswersHeadWithoutABody) {
  Client client(start().port());
  client.send("HEAD /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(client.receive(/*head_only=*/true).head.find("Content-Length: 11"), std::string::npos);
  EXPECT_EQ(client.ask(get("/echo")).body, "GET /echo ");
}

TEST_F(ServerTest, AsksForTheBodyOfWhoWaitsForIt) {
  Client client(start().port());
  client.send(post("Expect: 100-continue\r\nContent-Length: 2\r\n"));
  EXPECT_EQ(client.receive().status, 100);
  EXPECT_EQ(client.ask("hi").body, "POST /v1/orders hi");
}

TEST_F(ServerTest, DoesNotWaitForSlowRequests) {
  start({.header_timeout = milliseconds(60), .body_timeout = milliseconds(60), .idle_timeout = milliseconds(60)});
  Client head(server_->port());
  head.send("GET / HT");
  Client body(server_->port());
  body.send(post("Content-Length: 5\r\n", "ab"));
  Client idle(server_->port());
  EXPECT_EQ(idle.ask(get("/echo")).status, 200);
  EXPECT_EQ(head.receive().status, 408);
  EXPECT_TRUE(head.closed());
  EXPECT_EQ(body.receive().status, 408);
  EXPECT_TRUE(body.closed());
  EXPECT_TRUE(idle.closed());
}

TEST_F(ServerTest, ADripOfBytesDoesNotHoldOffTheTimeout) {
  Client client(start({.header_timeout = milliseconds(100)}).port());
  for (int i = 0; i < 60 && !client.answered(); ++i) {
    client.send("a");
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_TRUE(client.answered()) << "the drip went on, and nobody minded";
  EXPECT_EQ(client.receive().status, 408);
}

// Pistache's own way of writing spins on a full socket, and serves nobody meanwhile.
TEST_F(ServerTest, ASlowReaderHoldsUpNobodyAndGetsItAll) {
  Client slow(start().port(), 4096);
  slow.send(get("/big"));
  std::this_thread::sleep_for(50ms);
  timespec before{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
  std::this_thread::sleep_for(200ms);
  timespec after{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
  const double busy_ms = double(after.tv_sec - before.tv_sec) * 1e3 + double(after.tv_nsec - before.tv_nsec) / 1e6;
  EXPECT_LT(busy_ms, 100);
  EXPECT_EQ(ask(get("/echo")).status, 200);
  EXPECT_EQ(slow.receive().body.size(), std::size_t{8 << 20});
}

TEST_F(ServerTest, EndsWithAClientThatNeverReads) {
  Client client(start({.write_timeout = milliseconds(60)}).port(), 4096);
  client.send(get("/big"));
  std::this_thread::sleep_for(300ms);
  EXPECT_LT(client.receive().body.size(), std::size_t{8 << 20});
}

TEST_F(ServerTest, TurnsConnectionsAwayBeyondItsLimit) {
  start({.connections = 2});
  Client a(server_->port());
  Client b(server_->port());
  EXPECT_EQ(a.ask(get("/echo")).status, 200);
  EXPECT_EQ(b.ask(get("/echo")).status, 200);
  EXPECT_EQ(Client(server_->port()).receive().status, 503);
  EXPECT_EQ(a.ask(get("/echo")).status, 200);
  b.reset();
  Got got;
  for (int i = 0; i < 200 && got.status != 200; ++i) {
    std::this_thread::sleep_for(10ms);
    got = ask(get("/echo"));
  }
  EXPECT_EQ(got.status, 200) << "where one has gone there is room for another";
}

TEST_F(ServerTest, SeveralThreadsServeManyClients) {
  start({.threads = 2});
  std::atomic<int> good{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&] {
      Client client(server_->port());
      for (int i = 0; i < 200; ++i) good += client.ask(get("/echo")).status == 200;
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(good, 1600);
}

TEST(Server, SaysWhatKeepsItFromListening) {
  const auto handler = [](HttpRequest&&, Responder) {};
  const auto first = Server::start({}, handler);
  ASSERT_TRUE(first.ok());
  const auto second = Server::start({.port = (*first)->port()}, handler);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable) << second.status();
  EXPECT_EQ(Server::start({.threads = 0}, handler).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(Server::start({.address = "300.1.2.3"}, handler).ok());
  const absl::Status v6 = Server::start({.address = "::1"}, handler).status();
  EXPECT_TRUE(v6.ok() || absl::IsUnavailable(v6)) << v6;  // not every machine has IPv6
}

}  // namespace
}  // namespace quickbite::http
